/*
 * t_core_lobby.c: sessions whose peer is not identified at once.
 */
#include <stdlib.h>
#include <string.h>

#include "proto/close_code.h"
#include "route/diag.h"
#include "route/load.h"
#include "core_fake.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"
#include "wampd/core/lobby.h"
#include "wampd/core/publish.h"
#include "wampd/core/receive.h"
#include "wampd/core/turn.h"

#define WAIT	1000	/* ms a session may be pending here */

/* ---- handlers that count ---- */

static int nopened, nclosed;

static void
count_opened(struct handler *h, struct session *s)
{
	(void)h;
	(void)s;
	nopened++;
}

static void
count_closed(struct handler *h, struct session *s)
{
	(void)h;
	(void)s;
	nclosed++;
}

static const struct handler_type open_type = {
	.name = "broadcast", .opened = count_opened, .closed = count_closed,
};

static const struct handler_type closed_type = { .name = "closed" };

static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

/* ---- identifying a peer ---- */

/* A question about the peer of a session; it keeps a part of the session. */
struct question {
	struct ledger_part part;
	struct session *session;	/* NULL once it has ended */
};

static void
question_leave(struct ledger_part *part)
{
	((struct question *)part)->session = NULL;
}

static void
ask(struct question *q, struct session *s)
{
	*q = (struct question){ .part = { .owner = q,
	    .leave = question_leave }, .session = s };
	if (ledger_keep(s, &q->part) == -1)
		abort();
}

static const struct principal *
make_ann(void)
{
	const struct principal *p = principal_new(WHO_ANYONE |
	    WHO_AUTHENTICATED | WHO_LOOPBACK, "ann", 7, NULL);

	if (p == NULL)
		abort();
	return p;
}

/* ---- a broker of these ---- */

static struct broker *
make_broker(const struct broker_settings *set)
{
	struct diags d = { 0 };
	struct broker_parts parts = { .types = types };

	nopened = nclosed = 0;
	parts.first.routes = routes_load_text("routes.yml", SLICE(
	    "all: {channel: '{name}', handler: {callback: all}}\n"), false,
	    &d);
	diag_clear(&d);
	return core_broker(set, &parts);
}

static struct broker *
make_default(void)
{
	const struct broker_settings set = core_settings();

	return make_broker(&set);
}

static void
begin(struct core_peer *p, struct broker *b)
{
	if (!core_peer_begin(p, b, WAIT))
		abort();
}

/* Run turns at that time.  Returns in how many ms the next one is due. */
static int64_t
turn_at(struct broker *b, int64_t now)
{
	int64_t wait;

	broker_set_now(b, now);
	while ((wait = turn_end(b)) == 0)
		;
	return wait;
}

/* Let the broker publish an event.  Returns how many sessions get it. */
static long
publish_to_all(struct broker *b, const char *topic)
{
	struct publication p = { .broker = b,
	    .topic = topic_obtain(&b->topics, slice_str(topic)),
	    .event = SLICE("1") };
	struct failure f;
	long delivered = 0;

	if (p.topic == NULL || publish(&p, &delivered, &f) != VERDICT_YES)
		abort();
	return delivered;
}

/* ---- tests ---- */

static void
test_unseen(void)
{
	struct broker_settings set = core_settings();
	struct broker *b;
	struct core_peer p;

	set.keepalive = 10;
	b = make_broker(&set);
	begin(&p, b);
	tap_ok(p.session->state == SESSION_PENDING, "a session is pending");
	tap_ok(p.paused && p.session->paused, "it is not read from");
	tap_int((int64_t)b->sessions.n, 0, "it is not counted as open");
	tap_ok(TAILQ_EMPTY(&b->sessions.open), "it is not listed as open");
	tap_ok(TAILQ_EMPTY(&b->sessions.alive), "it is not pinged");
	tap_ok(sessions_find(&b->sessions, slice_str(p.session->id)) == NULL,
	    "it is not found");
	tap_int(turn_at(b, WAIT - 1), 1, "the next turn is at its end");
	tap_int((int64_t)p.out.len, 0, "it gets nothing");
	tap_int(nopened, 0, "no handler is told of it");
	tap_int((int64_t)b->stats.sessions_opened, 0, "no counter counts it");
	broker_free(b);
	tap_ok(p.session == NULL && nclosed == 0 && nopened == 0,
	    "the end of the broker closes it");
}

/* The answer comes some turns later. */
static void
test_admit(void)
{
	struct broker_settings set = core_settings();
	const struct principal *ann = make_ann();
	struct broker *b;
	struct core_peer p;
	struct question q;

	set.keepalive = 5000;
	b = make_broker(&set);
	begin(&p, b);
	ask(&q, p.session);
	(void)turn_at(b, 100);
	(void)turn_at(b, 200);
	tap_ok(lobby_admit(q.session, ann), "a session is admitted");
	tap_ok(p.session->state == SESSION_OPEN, "it is open");
	tap_ok(!p.paused && !p.session->paused, "it is read from");
	tap_int(p.session->opened, 200, "it was opened when it was admitted");
	tap_ok(p.session->principal == ann && principal_is_shared(ann),
	    "it has a reference to its principal");
	tap_ok(sessions_find(&b->sessions, slice_str(p.session->id)) ==
	    p.session, "it is found");
	tap_int((int64_t)b->sessions.n, 1, "it is counted as open");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending), "it is not pending");
	tap_int(nopened, 1, "the handlers are told");
	(void)turn_at(b, 200);
	tap_ok(core_peer_got(&p, "welcome"), "it is welcomed");
	tap_ok(!lobby_admit(q.session, ann), "it is not admitted twice");
	lobby_refuse(q.session, CLOSE_POLICY, "who are you?");
	tap_ok(p.session->state == SESSION_OPEN, "a refusal is too late");
	(void)turn_at(b, WAIT + 1);
	tap_ok(p.session != NULL, "the time limit does not count any more");
	tap_ok(TAILQ_FIRST(&b->sessions.alive) == p.session, "it is pinged");
	session_gone(p.session, "left");
	(void)turn_at(b, WAIT + 1);
	tap_ok(q.session == NULL, "whoever asked is told that it ends");
	tap_int(nclosed, 1, "the handlers are told that it ends");
	tap_ok(!principal_is_shared(ann), "the reference is given back");
	broker_free(b);
	principal_unref(ann);
	buf_clear(&p.out);
}

static void
test_refuse(void)
{
	struct broker *b = make_default();
	struct core_peer p;

	begin(&p, b);
	lobby_refuse(p.session, CLOSE_POLICY, "who are you?");
	tap_ok(p.session->state == SESSION_DOOMED, "a session is refused");
	lobby_refuse(p.session, CLOSE_NORMAL, "again");
	tap_ok(!lobby_admit(p.session, &principal_anonymous),
	    "it is not admitted afterwards");
	(void)turn_end(b);
	tap_ok(p.session == NULL, "it is closed");
	tap_int(p.code, CLOSE_POLICY, "it gets the code");
	tap_str(p.reason, "who are you?", "it gets the reason");
	tap_int((int64_t)p.out.len, 0, "it gets nothing else");
	tap_int((int64_t)b->stats.sessions_closed, 0,
	    "it is not counted as closed");
	tap_ok(nopened == 0 && nclosed == 0, "no handler is told of it");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending), "it is not pending");
	broker_free(b);
}

/* The answer never comes. */
static void
test_expire(void)
{
	struct broker *b = make_default();
	struct core_peer slow, quick, other;
	struct question q;

	begin(&slow, b);
	if (!core_peer_begin(&quick, b, WAIT / 2) ||
	    !core_peer_begin(&other, b, WAIT))
		abort();
	ask(&q, slow.session);
	tap_int(turn_at(b, 0), WAIT / 2, "the next turn is at the first end");
	tap_int(turn_at(b, WAIT / 2), WAIT / 2,
	    "then it is at that of the others");
	tap_ok(quick.session == NULL && slow.session != NULL,
	    "the session that had less time is closed");
	(void)turn_at(b, WAIT - 1);
	tap_ok(slow.session != NULL, "the others have time left");
	(void)turn_at(b, WAIT);
	tap_ok(slow.session == NULL && other.session == NULL,
	    "then they are closed");
	tap_str(slow.reason, "not identified in time", "they get the reason");
	tap_ok(q.session == NULL, "whoever asked is told");
	tap_int(turn_at(b, WAIT), -1, "nothing is left to wait for");
	broker_free(b);
}

static void
test_gone(void)
{
	const struct principal *ann = make_ann();
	struct broker *b = make_default();
	struct core_peer p;
	struct question q;

	begin(&p, b);
	ask(&q, p.session);
	session_gone(p.session, "the peer left");
	tap_ok(q.session != NULL && !lobby_admit(q.session, ann),
	    "a session whose peer has left is not admitted");
	tap_ok(!principal_is_shared(ann), "it gets no principal");
	(void)turn_end(b);
	tap_ok(q.session == NULL, "whoever asked is told");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending) && b->sessions.n == 0,
	    "it is neither pending nor open");
	tap_ok(TAILQ_EMPTY(&b->sessions.doomed), "it is freed");
	broker_free(b);
	principal_unref(ann);
}

static void
test_limit(void)
{
	struct broker_settings set = core_settings();
	struct broker *b;
	struct core_peer one, two, three;

	set.limit_sessions = 2;
	b = make_broker(&set);
	core_peer_open(&one, b);
	begin(&two, b);
	tap_ok(!core_peer_begin(&three, b, WAIT),
	    "open and pending sessions count together");
	tap_int((int64_t)b->stats.sessions_refused, 1,
	    "the refused session is counted");
	lobby_refuse(two.session, CLOSE_POLICY, "no");
	tap_ok(core_peer_begin(&three, b, WAIT),
	    "a session that ends makes room");
	tap_ok(lobby_admit(three.session, &principal_anonymous),
	    "a pending session can be admitted at the limit");
	tap_ok(!core_peer_begin(&two, b, WAIT), "it still counts then");
	broker_free(b);
	buf_clear(&one.out);
	buf_clear(&three.out);
}

/* The transport may hand over messages that it read before the pause. */
static void
test_early(void)
{
	const struct principal *ann = make_ann();
	struct broker *b = make_default();
	struct core_peer p;

	begin(&p, b);
	tap_ok(!receive_message(p.session, SLICE("first"), false),
	    "a pending session sends a message");
	tap_ok(!receive_message(p.session, SLICE("x"), false) &&
	    !receive_message(p.session, SLICE("second"), true),
	    "it sends two more");
	(void)turn_end(b);
	tap_int(p.session->nsubs, 0, "the messages are not handled");
	tap_int((int64_t)b->stats.messages, 0, "they are not counted");
	tap_int(publish_to_all(b, "first"), 0, "it is not subscribed");
	tap_ok(lobby_admit(p.session, ann), "the session is admitted");
	tap_int((int64_t)b->stats.messages, 3, "the messages are counted");
	tap_int(p.session->nsubs, 3, "each of them is handled");
	tap_int(publish_to_all(b, "second"), 1, "they are unchanged");
	(void)turn_end(b);
	tap_ok(strncmp(buf_cstr(&p.out), "welcome", 7) == 0,
	    "the welcome is sent first");
	tap_ok(core_peer_got(&p, "second 1"), "the session gets events");
	broker_free(b);
	principal_unref(ann);
	buf_clear(&p.out);
}

static void
test_too_early(void)
{
	struct broker_settings set = core_settings();
	struct broker *b;
	struct core_peer many, large, whole;
	int i;

	set.limit_message = 100;
	b = make_broker(&set);
	begin(&many, b);
	for (i = 0; i < 50; i++)
		(void)receive_message(many.session, SLICE("0123456789"),
		    false);
	tap_ok(many.session->state == SESSION_DOOMED,
	    "a pending session that sends too many messages is closed");
	begin(&large, b);
	receive_oversized(large.session);
	tap_ok(large.session->state == SESSION_DOOMED,
	    "one that sends a message that is too large is closed");
	(void)turn_end(b);
	tap_int(many.code, CLOSE_TOO_BIG, "they get a close code");
	begin(&whole, b);
	(void)receive_message(whole.session, slice_of(
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "456789012345678901234567890123456789", 100), false);
	tap_ok(lobby_admit(whole.session, &principal_anonymous_loopback),
	    "a pending session may send one message of any permitted size");
	tap_int(whole.session->nsubs, 1, "it is handled");
	broker_free(b);
	buf_clear(&whole.out);
}

/* The peer has ended its input before it is identified. */
static void
test_end_of_input(void)
{
	struct broker *b = make_default();
	struct core_peer p, listener;

	begin(&p, b);
	session_end_input(p.session);
	(void)turn_end(b);
	tap_ok(p.session != NULL, "a pending session stays");
	tap_ok(lobby_admit(p.session, &principal_anonymous_loopback),
	    "it is admitted");
	(void)turn_end(b);
	tap_ok(core_peer_got(&p, "welcome"), "it is welcomed");
	tap_ok(p.session == NULL || p.session->state == SESSION_DOOMED,
	    "then it is closed");

	begin(&listener, b);
	(void)receive_message(listener.session, SLICE("t"), false);
	session_end_input(listener.session);
	tap_ok(lobby_admit(listener.session, &principal_anonymous_loopback),
	    "a session that has sent a subscription is admitted");
	(void)turn_end(b);
	tap_ok(listener.session != NULL, "it stays open");
	broker_free(b);
	buf_clear(&p.out);
	buf_clear(&listener.out);
}

static void
test_stop(void)
{
	struct broker *b = make_default();
	struct core_peer p, late;

	begin(&p, b);
	turn_stop(b, 1000);
	(void)turn_end(b);
	tap_ok(p.session == NULL, "stopping closes a pending session");
	tap_int(p.code, 0, "it gets no close frame");
	begin(&late, b);
	(void)turn_end(b);
	tap_ok(late.session == NULL, "stopping closes new sessions");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending) &&
	    TAILQ_EMPTY(&b->sessions.doomed), "no session is left");
	broker_free(b);
}

int
main(void)
{
	test_unseen();
	test_admit();
	test_refuse();
	test_expire();
	test_gone();
	test_limit();
	test_early();
	test_too_early();
	test_end_of_input();
	test_stop();
	return tap_done();
}
