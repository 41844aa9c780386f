/*
 * t_core_keep.c: what a keeper of kept events is told, and gives back.
 */
#include "wampd/core/keep.h"

#include <string.h>

#include "base/buf.h"
#include "core_fake.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/keep_restore.h"
#include "wampd/core/kept.h"
#include "wampd/core/publish.h"
#include "wampd/core/retain.h"
#include "wampd/core/turn.h"

#define NOON	INT64_C(1800000000000)	/* ms since 1970 */

static const struct handler_type open_type = { .name = "broadcast" };
static const struct handler_type closed_type = { .name = "closed" };
static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

/* ---- a keeper that writes down what it is told ---- */

static struct buf told;

static void
tell(const char *what, const struct topic *t, const struct event *ev,
    unsigned as)
{
	(void)buf_addf(&told, "%s %.*s %.*s%s%s;", what, (int)t->name.len,
	    t->name.p, (int)ev->len, ev->data,
	    as & KEEP_RETAINED ? " retained" : "",
	    as & KEEP_HISTORY ? " history" : "");
}

static void
on_kept(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	tap_ok(ctx == &told && ev->at >= NOON, "an event is kept");
	tell("+", t, ev, as);
}

static void
on_dropped(void *ctx, const struct topic *t, struct event *ev, unsigned as,
    enum keep_end why)
{
	static const char *const whys[] = { "replaced", "expired", "cleared",
	    "full" };

	(void)ctx;
	tell(whys[why], t, ev, as);
}

static const struct keep_ops keeper = { on_kept, on_dropped };

static void
is_told(const char *expected, const char *what)
{
	tap_str(told.len > 0 ? buf_cstr(&told) : "", expected, "%s",
	    what);
	buf_reset(&told);
}

static int64_t
wall(void)
{
	return NOON;
}

static struct broker *
broker(void)
{
	struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };
	struct broker *b = core_broker(&set, &parts);

	b->wall = wall;
	keep_set(b, &keeper, &told);
	return b;
}

static struct topic *
topic(struct broker *b, const char *name)
{
	return topic_obtain(&b->topics, slice_str(name));
}

/* ---- tests ---- */

static void
test_told(void)
{
	struct broker *b = broker();

	(void)kept_retain(b, topic(b, "t"), SLICE("1"), false);
	is_told("+ t 1 retained;", "the first event");
	(void)kept_retain(b, topic(b, "t"), SLICE("2"), false);
	is_told("replaced t 1 retained;+ t 2 retained;", "the next one");
	retain_drop(&b->topics, topic(b, "t"), KEEP_CLEARED);
	is_told("cleared t 2 retained;", "it is cleared");
	retain_drop(&b->topics, topic(b, "t"), KEEP_CLEARED);
	is_told("", "nothing is there to be cleared");
	broker_free(b);
	is_told("", "the end of the broker drops nothing");
}

static void
restore(struct broker *b, const struct keep_record *r, unsigned as,
    const char *why, const char *what)
{
	struct errbuf e;

	tap_int(keep_restore(b, r, &e), as, "%s", what);
	if (as != r->as)
		tap_str(e.msg, why, "%s: the reason", what);
	is_told("", "the keeper knows it");
}

static void
test_restore(void)
{
	struct keep_record r = { SLICE("t"), SLICE("{\"n\":\n1}"), 0,
	    NOON - 5000, NOON + 1000, KEEP_RETAINED };
	const struct keep_record own = { SLICE("wampd.log"), SLICE("1"), 0,
	    NOON - 5000, 0, KEEP_RETAINED };
	struct broker *b = broker();
	const struct event *ev;

	restore(b, &own, 0, "it is a topic of the broker's own",
	    "a topic on which only the broker publishes");
	restore(b, &r, KEEP_RETAINED, NULL, "an event of before");
	ev = topic(b, "t")->retained;
	tap_ok(ev != NULL && slice_eq(event_json(ev), r.event) &&
	    ev->newline && ev->at == r.at && ev->until == r.until,
	    "it is as it was");
	r.topic = SLICE("late");
	r.until = NOON;
	restore(b, &r, 0, "its time is up", "one whose time is up");
	r.until = 0;
	b->set.limit_retained = 1;
	restore(b, &r, 0, "limits.retained is reached", "no room");
	tap_ok(topic(b, "late")->retained == NULL, "they are not kept");
	broker_free(b);
}

/* ---- expiry ---- */

static int64_t wall_is = NOON;

static int64_t
wall_moving(void)
{
	return wall_is;
}

/* A publication that is retained for that time. */
static void
retain_for(struct broker *b, const char *name, const char *event, int64_t ms)
{
	struct publication p = { .broker = b, .topic = topic(b, name),
	    .event = slice_str(event), .retain = true, .retain_for = ms };
	struct failure f;
	long delivered;

	tap_int(publish(&p, &delivered, &f), VERDICT_YES, "retain %s", event);
	buf_reset(&told);
}

/* How many events are retained at that time, in ms after the start. */
static size_t
retained_at(struct broker *b, int64_t now)
{
	broker_set_now(b, now);
	while (turn_end(b) == 0)
		;
	return b->topics.retained_events;
}

static void
test_expiry(void)
{
	struct broker *b = broker();

	retain_for(b, "a", "1", 1000);
	retain_for(b, "b", "2", 3000);
	retain_for(b, "c", "3", 0);
	retain_for(b, "d", "4", 1000);
	retain_for(b, "d", "5", 2000);
	tap_int(topic(b, "a")->retained->until, NOON + 1000, "the end");
	tap_int((int64_t)retained_at(b, 999), 4, "none ends before its time");
	tap_int(turn_end(b), 1, "the loop waits no longer than until then");
	tap_int((int64_t)retained_at(b, 1000), 3, "one ends");
	is_told("expired a 1 retained;", "the keeper");
	tap_ok(!topic_in_use(topic(b, "a")), "its topic is not in use");
	tap_int((int64_t)retained_at(b, 2000), 2,
	    "one that was replaced lasts as long as the newer one");
	b->wall = wall_moving;
	wall_is = NOON - 10000000;
	tap_int((int64_t)retained_at(b, 2999), 2, "a clock set back");
	wall_is = NOON + 10000000;
	tap_int((int64_t)retained_at(b, 2999), 2, "a clock set forward");
	tap_int((int64_t)retained_at(b, 3000), 1, "it ends in time");
	tap_int((int64_t)retained_at(b, 1000000000), 1, "one has no end");
	tap_int((int64_t)b->stats.retained_expired, 3, "they are counted");
	tap_int((int64_t)b->topics.retained_ends.n, 0, "no end is left");
	broker_free(b);
	buf_reset(&told);
}

/* The clock may have been set while the broker did not run. */
static void
test_restored_end(void)
{
	struct keep_record r = { SLICE("t"), SLICE("1"), 0, NOON, NOON + 5000,
	    KEEP_RETAINED };
	struct broker *b = broker();

	b->wall = wall_moving;
	wall_is = NOON + 4000;
	restore(b, &r, KEEP_RETAINED, NULL, "an event with an end");
	wall_is = NOON - 1000000;
	r.topic = SLICE("u");
	restore(b, &r, KEEP_RETAINED, NULL, "one of the future");
	tap_int((int64_t)retained_at(b, 1000), 1, "the rest of its time");
	tap_int((int64_t)retained_at(b, 4999), 1, "not longer than it was");
	tap_int((int64_t)retained_at(b, 5000), 0, "to last at all");
	broker_free(b);
}

static void
visit(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	(void)ctx;
	tell("", t, ev, as);
}

static void
test_walk(void)
{
	struct broker *b = broker();
	struct keep_walk w;

	(void)kept_retain(b, topic(b, "a"), SLICE("1"), false);
	(void)kept_retain(b, topic(b, "b"), SLICE("2"), false);
	(void)kept_retain(b, topic(b, "c"), SLICE("3"), false);
	(void)kept_retain(b, topic(b, "d"), SLICE("4"), false);
	buf_reset(&told);
	keep_walk_begin(&w, b);
	tap_ok(keep_walk_some(&w, 1, visit, NULL), "a walk in steps");
	is_told(" a 1 retained;", "the first one");
	retain_drop(&b->topics, topic(b, "b"), KEEP_CLEARED);
	(void)kept_retain(b, topic(b, "d"), SLICE("5"), false);
	(void)kept_retain(b, topic(b, "e"), SLICE("6"), false);
	buf_reset(&told);
	tap_ok(!keep_walk_some(&w, 100, visit, NULL), "it ends");
	is_told(" c 3 retained;", "neither what is gone, nor what is new");
	keep_walk_end(&w);
	tap_ok(TAILQ_EMPTY(&b->cursors), "no cursor is left");
	broker_free(b);
}

int
main(void)
{
	test_told();
	test_restore();
	test_walk();
	test_expiry();
	test_restored_end();
	buf_clear(&told);
	return tap_done();
}
