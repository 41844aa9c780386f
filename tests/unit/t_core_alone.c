/*
 * t_core_alone.c: the core works without any other folder of src/wampd.
 *
 * The transport, the protocol and the handlers are the test's own.
 */
#include <stdlib.h>
#include <string.h>

#include "proto/wamp.h"
#include "core_fake.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"
#include "wampd/core/lobby.h"
#include "wampd/core/principal.h"
#include "wampd/core/protocol.h"
#include "wampd/core/publish.h"
#include "wampd/core/receive.h"
#include "wampd/core/shared.h"
#include "wampd/core/subscribe.h"
#include "wampd/core/turn.h"

/* ---- handlers that record ---- */

static int njoined, nleft;

static void
count_joined(struct handler *h, struct topic *t, struct session *s)
{
	(void)h;
	(void)t;
	(void)s;
	njoined++;
}

static void
count_left(struct handler *h, struct topic *t, struct session *s)
{
	(void)h;
	(void)t;
	(void)s;
	nleft++;
}

/* Accepts every event except null. */
static enum verdict
admit_values(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	(void)h;
	if (slice_eq(p->event, SLICE("null"))) {
		err_set(e, "no values");
		return VERDICT_NO;
	}
	*delivered = publish_broadcast(p);
	return VERDICT_YES;
}

/* What the handlers of that type share: how often each was called. */
struct counts {
	int made, flushed, ticked, closed, freed;
};

static struct counts counts;

static void *
counts_make(struct broker *b)
{
	(void)b;
	counts.made++;
	return &counts;
}

static void
counts_flush(void *ctx)
{
	((struct counts *)ctx)->flushed++;
}

static int64_t
counts_tick(void *ctx)
{
	((struct counts *)ctx)->ticked++;
	return 7;
}

static void
counts_close(void *ctx)
{
	((struct counts *)ctx)->closed++;
}

static void
counts_free(void *ctx)
{
	((struct counts *)ctx)->freed++;
}

static const struct shared_ops counts_ops = {
	.make = counts_make, .flush = counts_flush, .tick = counts_tick,
	.close = counts_close, .free = counts_free,
};

static const struct handler_type open_type = {
	.name = "broadcast", .shared = &counts_ops,
	.joined = count_joined, .left = count_left, .publish = admit_values,
};

static const struct handler_type closed_type = { .name = "closed" };

static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

/* ---- a broker of these ---- */

static struct broker *
make_broker(void)
{
	const struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };

	return core_broker(&set, &parts);
}

/* Publish, and end the turn.  Returns how many sessions get the event, or -1 if
 * it is refused. */
static long
say(struct broker *b, struct core_peer *from, const char *topic,
    const char *event)
{
	struct publication p = { .broker = b, .from = from->session,
	    .topic = topic_obtain(&b->topics, slice_str(topic)),
	    .event = slice_str(event) };
	enum verdict verdict;
	struct failure f;
	long delivered;

	if (p.topic == NULL)
		abort();
	verdict = publish(&p, &delivered, &f);
	(void)turn_end(b);
	return verdict == VERDICT_YES ? delivered : -1;
}

static void
join(struct broker *b, struct core_peer *p, const char *topic)
{
	uint32_t before = p->session->nsubs;

	(void)b;
	(void)receive_message(p->session, slice_str(topic), false);
	if (p->session->nsubs != before + 1)
		abort();
}

static void
test_event(void)
{
	struct broker *b = make_broker();
	struct core_peer a, c;

	core_peer_open(&a, b);
	core_peer_open(&c, b);
	tap_int((int64_t)b->sessions.n, 2, "two sessions are open");
	join(b, &a, "t");
	join(b, &c, "t");
	join(b, &c, "u");
	tap_int(njoined, 3, "the handler is told of each subscriber");

	tap_int(say(b, &a, "t", "\"first\""), 2, "both sessions get an event");
	tap_ok(core_peer_got(&a, "\"first\""), "the publisher has it");
	tap_ok(core_peer_got(&c, "\"first\""), "the other has it");
	tap_int(say(b, &a, "u", "\"second\""), 1,
	    "one session gets an event of another topic");
	tap_ok(!core_peer_got(&a, "\"second\"") &&
	    core_peer_got(&c, "\"second\""), "that is its subscriber");
	tap_int(say(b, &a, "t", "null"), -1, "the handler refuses an event");
	tap_ok(a.out.len == 0 && c.out.len == 0, "nobody gets it");

	session_gone(c.session, "left");
	(void)turn_end(b);
	tap_int(nleft, 2, "the handler is told that a session leaves");
	tap_int(say(b, &a, "t", "\"third\""), 1, "that session gets no more");
	tap_int((int64_t)b->stats.deliveries, 4, "all deliveries are counted");
	broker_free(b);
	tap_ok(a.session == NULL, "the end of the broker closes the others");
	buf_clear(&a.out);
	buf_clear(&c.out);
}

/* ---- what code outside of the core stores ---- */

static void
test_shared(void)
{
	struct broker *b;
	int64_t wait;

	counts = (struct counts){ .made = 0 };
	b = make_broker();
	tap_int(counts.made, 1, "what a type shares is made");
	tap_ok(shared_find(b, &open_type) == &counts, "it is found");
	tap_ok(shared_obtain(b, &open_type) == &counts && counts.made == 1,
	    "it is not made again");
	tap_ok(b->generation->open_handler->shared == &counts,
	    "the handler has it");

	wait = turn_end(b);
	tap_int(counts.flushed, 1, "a turn flushes it");
	tap_int(counts.ticked, 1, "a turn lets it tick");
	tap_int(wait, 7, "it says when it must tick again");
	shared_close(b);
	tap_int(counts.closed, 1, "it is closed when the loop ends");
	broker_free(b);
	tap_int(counts.freed, 1, "it is freed with the broker");
}

struct keeper {
	struct ledger_part part;
	int left;
};

static void
keeper_leave(struct ledger_part *part)
{
	((struct keeper *)part)->left++;
}

static void
test_parts(void)
{
	struct broker *b = make_broker();
	struct keeper one = { .part = { .owner = &one,
	    .leave = keeper_leave } };
	struct keeper two = { .part = { .owner = &two,
	    .leave = keeper_leave } };
	struct core_peer p;

	core_peer_open(&p, b);
	tap_ok(ledger_find(p.session, &one) == NULL &&
	    p.session->ledger == NULL,
	    "a session without parts has no ledger");
	tap_int(ledger_keep(p.session, &one.part), 0, "an owner keeps a part");
	tap_int(ledger_keep(p.session, &two.part), 0, "so does another");
	tap_ok(ledger_find(p.session, &one) == &one.part &&
	    ledger_find(p.session, &two) == &two.part, "each finds its own");
	session_gone(p.session, "left");
	tap_int(one.left + two.left, 0, "the session is not freed at once");
	(void)turn_end(b);
	tap_ok(one.left == 1 && two.left == 1,
	    "each part is told once that the session ends");
	broker_free(b);
	buf_clear(&p.out);
}

/* ---- two protocols ---- */

static struct frame *
second_event(struct broker *b, const struct topic *t, struct slice event,
    bool newline, const struct event *mark)
{
	struct slice parts[] = { SLICE("second "), t->name, SLICE(" "), event };

	(void)mark;
	return frame_new(&b->pressure.frame_bytes, parts, 4, newline);
}

/* Each subscriber gets the event as its own protocol says it, and there is one
 * frame for each protocol. */
static void
test_protocols(void)
{
	struct broker *b = make_broker();
	struct core_peer p[4];
	struct protocol second;
	uint64_t frames;
	int i;

	for (i = 0; i < 4; i++) {
		core_peer_open(&p[i], b);
		join(b, &p[i], "t");
	}
	second = *p[0].session->protocol;
	second.event = second_event;
	for (i = 1; i < 4; i += 2)
		p[i].session->protocol = p[i].session->plain = &second;
	for (i = 0; i < 4; i++)
		(void)core_peer_got(&p[i], "");
	frames = b->stats.frames_allocated;
	tap_int(say(b, &p[0], "t", "\"e\""), 4, "all get the event");
	tap_int((int64_t)(b->stats.frames_allocated - frames), 2,
	    "in two frames");
	tap_ok(core_peer_got(&p[0], "t \"e\"") &&
	    core_peer_got(&p[2], "t \"e\""), "two as the first protocol says");
	tap_ok(core_peer_got(&p[1], "second t \"e\"") &&
	    core_peer_got(&p[3], "second t \"e\""), "two as the second does");
	session_gone(p[0].session, "left");
	(void)turn_end(b);
	tap_int(say(b, &p[1], "t", "\"f\""), 3, "whoever comes first");
	tap_ok(core_peer_got(&p[2], "t \"f\"") &&
	    core_peer_got(&p[3], "second t \"f\""), "and then the others");
	tap_int((int64_t)b->pressure.frame_bytes, 0, "no frame is left");
	broker_free(b);
	for (i = 0; i < 4; i++)
		buf_clear(&p[i].out);
}

int
main(void)
{
	test_event();
	test_shared();
	test_parts();
	test_protocols();
	return tap_done();
}
