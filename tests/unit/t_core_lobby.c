/*
 * t_core_lobby.c: sessions of which it is not known at once whose they are.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
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

/* ---- who finds out ---- */

/* Who asks about one session.  It keeps a part of that. */
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
	struct broker_parts parts = { .types = types, .first = {
	    .diags = &d } };
	struct errbuf e;
	struct broker *b;

	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	nopened = nclosed = 0;
	parts.first.routes = routes_load_text("routes.yml", SLICE(
	    "all: {channel: '{name}', handler: {callback: all}}\n"), false,
	    &d);
	if ((b = broker_new(set, &parts, &e)) == NULL)
		abort();
	diag_clear(&d);
	broker_set_now(b, 0);
	return b;
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

/* The turns of that time; in how many ms the next one is due. */
static int64_t
turn_at(struct broker *b, int64_t now)
{
	int64_t wait;

	broker_set_now(b, now);
	while ((wait = turn_end(b)) == 0)
		;
	return wait;
}

/* What the broker says to all who are there. */
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
	tap_ok(p.paused && p.session->paused, "and not read from");
	tap_int((int64_t)b->sessions.n, 0, "it is not counted as open");
	tap_ok(TAILQ_EMPTY(&b->sessions.open), "nor among those that are,");
	tap_ok(TAILQ_EMPTY(&b->sessions.alive), "nor pinged");
	tap_ok(sessions_find(&b->sessions, slice_str(p.session->id)) == NULL,
	    "nobody finds it");
	tap_int(turn_at(b, WAIT - 1), 1, "the turns wait for its end");
	tap_int((int64_t)p.out.len, 0, "it gets nothing");
	tap_int(nopened, 0, "no handler knows of it");
	tap_int((int64_t)b->stats.sessions_opened, 0, "nor does a counter");
	broker_free(b);
	tap_ok(p.session == NULL && nclosed == 0 && nopened == 0,
	    "the broker's end closes it");
}

/* The answer comes turns later. */
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
	tap_ok(lobby_admit(q.session, ann), "it is let in");
	tap_ok(p.session->state == SESSION_OPEN, "and open");
	tap_ok(!p.paused && !p.session->paused, "and read from");
	tap_int(p.session->opened, 200, "from now on");
	tap_ok(p.session->principal == ann && principal_is_shared(ann),
	    "it has a reference to its principal");
	tap_ok(sessions_find(&b->sessions, slice_str(p.session->id)) ==
	    p.session, "others find it");
	tap_int((int64_t)b->sessions.n, 1, "it is counted");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending), "as open");
	tap_int(nopened, 1, "the handlers are told");
	(void)turn_at(b, 200);
	tap_ok(core_peer_got(&p, "welcome"), "it is welcomed");
	tap_ok(!lobby_admit(q.session, ann), "once");
	lobby_refuse(q.session, CLOSE_POLICY, "who are you?");
	tap_ok(p.session->state == SESSION_OPEN, "a refusal is too late");
	(void)turn_at(b, WAIT + 1);
	tap_ok(p.session != NULL, "it may stay");
	tap_ok(TAILQ_FIRST(&b->sessions.alive) == p.session, "and is pinged");
	session_gone(p.session, "left");
	(void)turn_at(b, WAIT + 1);
	tap_ok(q.session == NULL, "whoever asked is told of its end");
	tap_int(nclosed, 1, "and so are the handlers");
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
	tap_ok(p.session->state == SESSION_DOOMED, "one is refused");
	lobby_refuse(p.session, CLOSE_NORMAL, "again");
	tap_ok(!lobby_admit(p.session, &principal_anonymous),
	    "and not let in afterwards");
	(void)turn_end(b);
	tap_ok(p.session == NULL, "it is closed");
	tap_int(p.code, CLOSE_POLICY, "it is told the code,");
	tap_str(p.reason, "who are you?", "and the reason");
	tap_int((int64_t)p.out.len, 0, "and nothing else");
	tap_int((int64_t)b->stats.sessions_closed, 0,
	    "no open session has ended");
	tap_ok(nopened == 0 && nclosed == 0, "no handler has heard of it");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending), "nobody is pending");
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
	tap_int(turn_at(b, 0), WAIT / 2, "the soonest end is waited for");
	tap_int(turn_at(b, WAIT / 2), WAIT / 2, "then that of the others");
	tap_ok(quick.session == NULL && slow.session != NULL,
	    "the one that had less time is closed");
	(void)turn_at(b, WAIT - 1);
	tap_ok(slow.session != NULL, "the others are not, up to their time");
	(void)turn_at(b, WAIT);
	tap_ok(slow.session == NULL && other.session == NULL, "then they are");
	tap_str(slow.reason, "not identified in time", "with the reason");
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
	    "who has left is not let in");
	tap_ok(!principal_is_shared(ann), "and has no principal");
	(void)turn_end(b);
	tap_ok(q.session == NULL, "whoever asked is told");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending) && b->sessions.n == 0,
	    "nobody is left");
	tap_ok(TAILQ_EMPTY(&b->sessions.doomed), "at all");
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
	    "open and pending ones count together");
	tap_int((int64_t)b->stats.sessions_refused, 1, "that is counted");
	lobby_refuse(two.session, CLOSE_POLICY, "no");
	tap_ok(core_peer_begin(&three, b, WAIT), "one that ends makes room");
	tap_ok(lobby_admit(three.session, &principal_anonymous),
	    "one that is let in takes no more of it");
	tap_ok(!core_peer_begin(&two, b, WAIT), "nor less");
	broker_free(b);
	buf_clear(&one.out);
	buf_clear(&three.out);
}

/* What the transport has handed over before it was paused. */
static void
test_early(void)
{
	const struct principal *ann = make_ann();
	struct broker *b = make_default();
	struct core_peer p;

	begin(&p, b);
	tap_ok(!receive_message(p.session, SLICE("first"), false),
	    "a message comes early");
	tap_ok(!receive_message(p.session, SLICE("x"), false) &&
	    !receive_message(p.session, SLICE("second"), true),
	    "and others");
	(void)turn_end(b);
	tap_int(p.session->nsubs, 0, "they are not handled");
	tap_int((int64_t)b->stats.messages, 0, "nor counted");
	tap_int(publish_to_all(b, "first"), 0, "it has not subscribed");
	tap_ok(lobby_admit(p.session, ann), "when it is let in");
	tap_int((int64_t)b->stats.messages, 3, "they are");
	tap_int(p.session->nsubs, 3, "each of them,");
	tap_int(publish_to_all(b, "second"), 1, "as they were");
	(void)turn_end(b);
	tap_ok(strncmp(buf_cstr(&p.out), "welcome", 7) == 0,
	    "its first word is the welcome");
	tap_ok(core_peer_got(&p, "second 1"), "and then it hears events");
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
	    "one that says much too early goes");
	begin(&large, b);
	receive_oversized(large.session);
	tap_ok(large.session->state == SESSION_DOOMED,
	    "so does one that says too much at once");
	(void)turn_end(b);
	tap_int(many.code, CLOSE_TOO_BIG, "and is told");
	begin(&whole, b);
	(void)receive_message(whole.session, slice_of(
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "456789012345678901234567890123456789", 100), false);
	tap_ok(lobby_admit(whole.session, &principal_anonymous_loopback),
	    "one message of any permitted size is kept");
	tap_int(whole.session->nsubs, 1, "and handled");
	broker_free(b);
	buf_clear(&whole.out);
}

/* It has said all it wants before it is known who it is. */
static void
test_end_of_input(void)
{
	struct broker *b = make_default();
	struct core_peer p, listener;

	begin(&p, b);
	session_end_input(p.session);
	(void)turn_end(b);
	tap_ok(p.session != NULL, "one that says no more waits");
	tap_ok(lobby_admit(p.session, &principal_anonymous_loopback),
	    "until it is let in");
	(void)turn_end(b);
	tap_ok(core_peer_got(&p, "welcome"), "it is welcomed");
	tap_ok(p.session == NULL || p.session->state == SESSION_DOOMED,
	    "and then there is nothing left for it");

	begin(&listener, b);
	(void)receive_message(listener.session, SLICE("t"), false);
	session_end_input(listener.session);
	tap_ok(lobby_admit(listener.session, &principal_anonymous_loopback),
	    "one that has subscribed before");
	(void)turn_end(b);
	tap_ok(listener.session != NULL, "stays");
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
	tap_ok(p.session == NULL, "the end drops who is pending");
	tap_int(p.code, 0, "without a close frame");
	begin(&late, b);
	(void)turn_end(b);
	tap_ok(late.session == NULL, "and who comes amid it");
	tap_ok(TAILQ_EMPTY(&b->sessions.pending) &&
	    TAILQ_EMPTY(&b->sessions.doomed), "nobody is left");
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
