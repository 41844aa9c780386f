/*
 * t_core_history.c: the histories of topics: what enters, what leaves them.
 */
#include "wampd/core/history.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core_fake.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/keep_restore.h"
#include "wampd/core/publish.h"
#include "wampd/core/retain.h"
#include "wampd/core/turn.h"

#define NOON	INT64_C(1800000000000)	/* ms since 1970 */

static const struct handler_type open_type = { .name = "broadcast" };
static const struct handler_type closed_type = { .name = "closed" };
static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

static struct buf told;

static void
on_kept(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	(void)ctx;
	(void)buf_addf(&told, "+%.*s %.*s %u;", (int)t->name.len, t->name.p,
	    (int)ev->len, ev->data, as);
}

static void
on_dropped(void *ctx, const struct topic *t, struct event *ev, unsigned as,
    enum keep_end why)
{
	(void)ctx;
	(void)buf_addf(&told, "%c%.*s %.*s %u;", "recf"[why],
	    (int)t->name.len, t->name.p, (int)ev->len, ev->data, as);
}

static const struct keep_ops keeper = { on_kept, on_dropped };

static void
is_told(const char *expected, const char *what)
{
	tap_str(told.len > 0 ? buf_cstr(&told) : "", expected, "%s", what);
	buf_reset(&told);
}

static int64_t
wall(void)
{
	return NOON;
}

static struct topic *
topic(struct broker *b, const char *name)
{
	return topic_obtain(&b->topics, slice_str(name));
}

/* A broker whose only handler has that history. */
static struct broker *
broker(int64_t events, int64_t time)
{
	struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };
	struct broker *b = core_broker(&set, &parts);
	struct handler *h = topic(b, "t")->handler;

	b->wall = wall;
	h->keeps = KEEP_HISTORY;
	h->history_events = events;
	h->history_time = time;
	return b;
}

static void
say_to(struct broker *b, const char *name, struct slice event,
    struct audience to)
{
	struct publication p = { .broker = b, .topic = topic(b, name),
	    .event = event, .to = to };
	struct failure f;
	long delivered;

	if (publish(&p, &delivered, &f) != VERDICT_YES)
		tap_ok(false, "refused: %s", f.reason.msg);
}

static void
say(struct broker *b, const char *name, const char *event)
{
	say_to(b, name, slice_str(event), (struct audience){ .flags = 0 });
}

/* The history of the topic, with spaces between the events. */
static void
is_history(struct broker *b, const char *name, const char *expected,
    const char *what)
{
	const struct history *h = topic(b, name)->history;
	struct buf got = { 0 };
	size_t i;

	for (i = 0; h != NULL && i < h->n; i++)
		(void)buf_addf(&got, "%s%.*s", i > 0 ? " " : "",
		    (int)history_at(h, i)->len, history_at(h, i)->data);
	tap_str(got.len > 0 ? buf_cstr(&got) : "", expected, "%s", what);
	buf_clear(&got);
}

static void
pass(struct broker *b, int64_t now)
{
	broker_set_now(b, now);
	while (turn_end(b) == 0)
		;
}

/* ---- tests ---- */

static void
test_count(void)
{
	struct broker *b = broker(3, 0);

	keep_set(b, &keeper, NULL);
	say(b, "t", "1");
	say(b, "t", "2");
	say(b, "t", "3");
	is_history(b, "t", "1 2 3", "events in their order");
	is_told("+t 1 2;+t 2 2;+t 3 2;", "the keeper");
	say(b, "t", "4");
	is_history(b, "t", "2 3 4", "the oldest one leaves");
	is_told("rt 1 2;+t 4 2;", "first the old event, then the new one");
	tap_ok(topic_in_use(topic(b, "t")), "the topic is in use");
	say_to(b, "t", SLICE("5"), (struct audience){
	    .flags = AUDIENCE_ELIGIBLE, .eligible = SLICE("\"x\"") });
	say_to(b, "t", SLICE("6"), (struct audience){
	    .flags = AUDIENCE_EXCLUDE, .exclude = SLICE("\"x\"") });
	is_history(b, "t", "2 3 4", "no event that is not for everybody");
	tap_int((int64_t)history_drop(&b->topics, topic(b, "t"), 2,
	    KEEP_CLEARED), 2, "dropping some");
	is_told("ct 2 2;ct 3 2;", "the oldest ones first");
	(void)history_drop(&b->topics, topic(b, "t"), 100, KEEP_CLEARED);
	tap_ok(!topic_in_use(topic(b, "t")), "without any, it is not in use");
	tap_int((int64_t)b->topics.history_bytes, 0, "no byte is left");
	tap_int((int64_t)b->topics.history_ends.n, 0, "and no deadline");
	broker_free(b);
	buf_reset(&told);
}

static void
test_retained(void)
{
	struct broker *b = broker(2, 0);
	size_t one;

	topic(b, "t")->handler->keeps |= KEEP_RETAINED;
	keep_set(b, &keeper, NULL);
	say(b, "t", "1");
	is_told("+t 1 3;", "retained and in the history");
	tap_ok(topic(b, "t")->retained == history_at(topic(b, "t")->history,
	    0), "it is one object");
	one = b->pressure.kept_events;
	tap_int((int64_t)one, (int64_t)event_size(topic(b, "t")->retained),
	    "which counts once");
	say(b, "t", "2");
	is_told("rt 1 1;+t 2 3;", "the one before is only in the history");
	retain_drop(&b->topics, topic(b, "t"), KEEP_CLEARED);
	buf_reset(&told);
	tap_int((int64_t)b->pressure.kept_events, (int64_t)(2 * one),
	    "which keeps both");
	broker_free(b);
}

static void
test_time(void)
{
	struct broker *b = broker(0, 1000);

	say(b, "t", "1");
	pass(b, 500);
	say(b, "t", "2");
	say(b, "u", "3");
	pass(b, 999);
	is_history(b, "t", "1 2", "before its time is up");
	tap_int(turn_end(b), 1, "the loop wakes up then");
	pass(b, 1000);
	is_history(b, "t", "2", "after that");
	pass(b, 1500);
	tap_ok(topic(b, "t")->history == NULL && topic(b, "u")->history ==
	    NULL, "all have left");
	broker_free(b);
}

/* A reload may change what a handler keeps. */
static void
test_renewed(void)
{
	struct broker *b = broker(0, 1000);
	struct handler *h = topic(b, "t")->handler;
	struct deadlines *ends = &b->topics.history_ends;
	char event[16];
	int i;

	for (i = 0; i < 20; i++) {
		(void)snprintf(event, sizeof(event), "%d", i);
		say(b, "t", event);
	}
	h->history_events = 3;
	(void)deadline_set(ends, &topic(b, "t")->history->oldest, b->now);
	pass(b, 0);
	is_history(b, "t", "17 18 19", "fewer events");
	h->keeps = 0;
	(void)deadline_set(ends, &topic(b, "t")->history->oldest, b->now);
	pass(b, 0);
	is_history(b, "t", "", "none");
	broker_free(b);
}

static void
fill(struct broker *b, const char *name, int n)
{
	static char large[1001];

	memset(large, '1', sizeof(large) - 1);
	while (n-- > 0)
		say(b, name, large);
}

static size_t
length(struct broker *b, const char *name)
{
	const struct history *h = topic(b, name)->history;

	return h != NULL ? h->n : 0;
}

static void
test_limit(void)
{
	struct broker *b = broker(0, 1000000);
	size_t alone;

	b->set.limit_history = 100000;
	fill(b, "t", 200);
	alone = length(b, "t");
	tap_ok(alone > 35 && alone < 50, "a topic has at most half: %zu",
	    alone);
	fill(b, "u", 200);
	tap_ok(length(b, "u") > 20, "the next one has as much as is free");
	fill(b, "t", 1);
	tap_ok(length(b, "t") < 35, "which the first one then shares: %zu",
	    length(b, "t"));
	tap_ok(b->topics.history_bytes <= 100000, "never more than the limit");
	tap_ok(b->stats.history_dropped > 300, "what is lost is counted");
	b->set.limit_history = 1500;
	fill(b, "v", 1);
	tap_int((int64_t)length(b, "v"), 0, "an event that never fits");
	tap_ok(length(b, "t") > 1, "drops no others");
	broker_free(b);
}

static void
test_topics_limit(void)
{
	struct broker *b = broker(3, 0);

	b->set.limit_topics = 1;
	say(b, "t", "1");
	say(b, "u", "2");
	is_history(b, "u", "", "limits.topics holds for histories, too");
	broker_free(b);
}

static bool
is_number(const struct event *ev, int n)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%d", n);
	return slice_eq(event_json(ev), slice_str(text));
}

/* Longer than what fits into the first ring, and around its end. */
static void
test_ring(void)
{
	struct broker *b = broker(100, 0);
	const struct history *h;
	char event[16];
	int i, wrong = 0;

	for (i = 0; i < 1000; i++) {
		(void)snprintf(event, sizeof(event), "%d", i);
		say(b, "t", event);
	}
	h = topic(b, "t")->history;
	for (i = 0; i < 100; i++)
		wrong += !is_number(history_at(h, (size_t)i), 900 + i);
	tap_ok(h->n == 100 && wrong == 0, "a hundred of a thousand");
	tap_int((int64_t)history_find(h, history_at(h, 42)->number), 42,
	    "finding one by its number");
	tap_int((int64_t)history_find(h, 0), 0, "an older number");
	tap_int((int64_t)history_find(h, UINT64_MAX), 100, "a newer one");
	(void)history_drop(&b->topics, topic(b, "t"), 98, KEEP_CLEARED);
	is_history(b, "t", "998 999", "the rest of a ring that has shrunk");
	tap_ok(h->cap <= 8, "it has");
	broker_free(b);
}

static void
restore(struct broker *b, const char *event, int64_t at, unsigned as,
    unsigned got)
{
	const struct keep_record r = { SLICE("t"), slice_str(event), 0, at, 0,
	    as };
	struct errbuf e;

	tap_int(keep_restore(b, &r, &e), got, "restoring %s", event);
}

static void
visit(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	on_kept(ctx, t, ev, as);
}

static void
test_restore(void)
{
	struct broker *b = broker(0, 10000);
	struct keep_walk w;

	restore(b, "0", NOON - 10000, KEEP_HISTORY, 0);
	restore(b, "1", NOON - 9000, KEEP_HISTORY, KEEP_HISTORY);
	restore(b, "2", NOON - 8000, KEEP_HISTORY | KEEP_RETAINED,
	    KEEP_HISTORY | KEEP_RETAINED);
	restore(b, "3", NOON + 99999, KEEP_HISTORY, KEEP_HISTORY);
	say(b, "u", "4");
	keep_walk_begin(&w, b);
	say(b, "t", "5");
	tap_ok(keep_walk_some(&w, 1, visit, NULL) &&
	    keep_walk_some(&w, 1, visit, NULL), "walking step by step");
	is_told("+t 1 2;+t 2 3;", "two steps");
	(void)history_drop(&b->topics, topic(b, "t"), 1, KEEP_CLEARED);
	tap_ok(!keep_walk_some(&w, 100, visit, NULL), "to the end");
	is_told("+t 3 2;+u 4 2;", "the rest, and nothing newer");
	keep_walk_end(&w);
	pass(b, 1999);
	is_history(b, "t", "2 3 5", "the time before the restart counts");
	pass(b, 2000);
	is_history(b, "t", "3 5", "one has left");
	pass(b, 9999);
	is_history(b, "t", "3 5", "the future counts as now");
	pass(b, 10000);
	is_history(b, "t", "", "and ends");
	broker_free(b);
}

int
main(void)
{
	test_count();
	test_retained();
	test_time();
	test_renewed();
	test_limit();
	test_topics_limit();
	test_ring();
	test_restore();
	buf_clear(&told);
	return tap_done();
}
