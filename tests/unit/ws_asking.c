/*
 * ws_asking.c: a method to identify visitors that answers when it is told to,
 * and how connections wait for that.
 */
#include "ws_asking.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_frame.h"
#include "tap.h"
#include "wampd/auth/query.h"
#include "ws_loop.h"

/* ---- the method ---- */

static void
on_cancel(struct identity_ask *ask)
{
	struct asking *a = ask->job;

	if (a->ask == ask)
		a->ask = NULL;
}

static enum identified
begin(void *arg, const struct visitor *v, struct identity_ask *ask,
    const struct principal **out, struct identity_refusal *why)
{
	struct asking *a = arg;
	struct slice who;

	(void)out;
	(void)why;
	if (query_find(v->query, SLICE("who"), &who) == 0)
		return IDENTITY_ABSENT;
	ask->job = a;
	ask->cancel = on_cancel;
	a->ask = ask;
	a->asked++;
	return IDENTITY_ASKING;
}

void
asking_init(struct asking *a)
{
	const struct identify_method m = { "asking", begin, a };

	*a = (struct asking){ .id.anonymous = true };
	identify_add(&a->id, &m);
}

static void
answer(struct asking *a, const struct principal *p, enum identity_cause cause)
{
	struct identity_refusal why;
	struct identity_ask *ask = a->ask;

	a->ask = NULL;
	(void)identify_refuse(&why, cause, SLICE("alice"));
	identify_answer(ask, p, p == NULL ? &why : NULL);
}

/* ---- the tests ---- */

#define ASK	"GET /?who=1 HTTP/1.1\r\n" WS_REQUEST_FIELDS "\r\n"

struct stage {
	struct asking asking;
	struct loop  *loop;
	int	      fd;		/* of a peer that is asked about */
};

static void
stage_open(struct stage *s)
{
	struct ws_settings set = ws_loop_settings();
	struct buf got = { 0 };

	asking_init(&s->asking);
	set.identify = &s->asking.id;
	s->loop = ws_loop_open(NULL, &set);
	s->loop->ws->farewells.time = 3600 * 1000;
	s->fd = ws_peer_open(s->loop);
	peer_say(s->fd, ASK);
	tap_ok(peer_hear(s->loop, s->fd, &got), "asking: it waits");
	tap_int((int64_t)got.len, 0, "asking: and hears nothing");
	tap_int(ws_visit_conn(s->loop)->state, CONN_ASKING,
	    "asking: its state, at the door");
	buf_clear(&got);
}

static void
stage_close(struct stage *s, uint16_t *taken)
{
	(void)close(s->fd);
	tap_ok(loop_settle(s->loop), "asking: the loop rests in the end");
	tap_ok(ws_is_empty(s->loop), "asking: and nothing is left");
	ws_loop_close(s->loop, taken);
}

static void
test_known(uint16_t *taken)
{
	const char *const roles[] = { "ADMIN", NULL };
	const struct principal *p = principal_new(WHO_ANYONE |
	    WHO_AUTHENTICATED, "alice", 7, roles);
	const struct session *session;
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s);
	ws_peer_frame(s.fd, TEXT, "early");
	(void)loop_settle(s.loop);
	tap_int(ws_visit_conn(s.loop)->state, CONN_ASKING,
	    "what comes early waits as well");
	answer(&s.asking, p, IDENTITY_NO_PROOF);
	principal_unref(p);
	(void)peer_hear(s.loop, s.fd, &got);
	tap_ok(slice_starts(buf_slice(&got), SLICE(WS_ANSWER)),
	    "the answer makes it a session");
	buf_consume(&got, sizeof(WS_ANSWER) - 1);
	tap_slice(buf_slice(&got), "\x81\x05" "early",
	    "which then hears what it has said early");
	session = TAILQ_FIRST(&s.loop->broker->sessions.open);
	tap_str(session->principal->name, "alice", "it has that principal");
	tap_int((int64_t)s.asking.asked, 1, "it was asked about once");
	buf_clear(&got);
	stage_close(&s, taken);
}

static void
test_refused(uint16_t *taken, enum identity_cause cause, const char *status,
    const char *counter)
{
	struct buf got = { 0 }, counts = { 0 };
	struct stage s;

	stage_open(&s);
	answer(&s.asking, NULL, cause);
	tap_ok(!peer_hear(s.loop, s.fd, &got), "%s: the end", status);
	tap_ok(slice_starts(buf_slice(&got), slice_str(status)),
	    "%s: as an answer of HTTP", status);
	(void)counters_print(&counts, s.loop->broker, COUNTER);
	tap_ok(strstr(buf_cstr(&counts), counter) != NULL,
	    "%s: it is counted", status);
	buf_clear(&counts);
	buf_clear(&got);
	stage_close(&s, taken);
}

/* The peer leaves, or ends only its side. */
static void
test_left(uint16_t *taken, bool half)
{
	struct stage s;

	stage_open(&s);
	if (half)
		(void)shutdown(s.fd, SHUT_WR);
	else
		(void)close(s.fd);
	(void)loop_settle(s.loop);
	tap_ok(s.asking.ask == NULL, "who leaves is not asked about any more");
	if (!half)
		s.fd = -1;
	stage_close(&s, taken);
}

static void
test_late(uint16_t *taken)
{
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s);
	ws_pass(s.loop, 3600 * 1000);
	tap_ok(!peer_hear(s.loop, s.fd, &got), "no answer in time");
	tap_ok(slice_starts(buf_slice(&got), SLICE("HTTP/1.1 503 ")),
	    "is told");
	tap_ok(s.asking.ask == NULL, "and ends the question");
	tap_int((int64_t)s.loop->broker->stats.refused_busy, 1,
	    "and is counted");
	buf_clear(&got);
	stage_close(&s, taken);
}

/* More than a head waits in the socket. */
static void
test_flood(uint16_t *taken)
{
	static char much[64u << 10];
	struct stage s;
	size_t i;

	stage_open(&s);
	memset(much, 'x', sizeof(much));
	for (i = 0; i < 64; i++) {
		(void)send(s.fd, much, sizeof(much),
		    MSG_DONTWAIT | MSG_NOSIGNAL);
		(void)loop_settle(s.loop);
	}
	tap_ok(stream_rest(&ws_visit_conn(s.loop)->stream).len <
	    2 * STREAM_READ, "a flood in the meantime is not kept");
	stage_close(&s, taken);
}

void
asking_test(uint16_t taken[CONN_STATES])
{
	test_known(taken);
	test_refused(taken, IDENTITY_WRONG_TICKET, "HTTP/1.1 403 ",
	    "\"refused_wrong_ticket\":1,");
	test_refused(taken, IDENTITY_NO_PROOF, "HTTP/1.1 401 ",
	    "\"refused_no_proof\":1,");
	test_left(taken, false);
	test_left(taken, true);
	test_late(taken);
	test_flood(taken);
}
