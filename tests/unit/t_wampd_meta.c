/*
 * t_wampd_meta.c: the broker's own topics: what they cost, and that they stay
 * bounded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "fake.h"
#include "tap.h"

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		n++;
	return n;
}

static void
test_wanted(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);

	tap_int(b->watch.wanted, 0, "at first nobody watches");
	(void)fake_say(p, "[5,\"t\"]");
	tap_int(b->watch.wanted, 0, "another topic changes nothing");
	(void)fake_say(p, "[5,\"wampd.slow\"]");
	tap_int(b->watch.wanted, 1 << WATCH_SLOW, "one topic is watched");
	(void)fake_say(q, "[5,\"wampd.slow\"]");
	(void)fake_say(p, "[6,\"wampd.slow\"]");
	tap_int(b->watch.wanted, 1 << WATCH_SLOW, "by another, still");
	fake_leave(q);
	fake_turn(b);
	tap_int(b->watch.wanted, 0, "the last one has left");
	(void)fake_say(p, "[2,\"1\",\"wampd.subscribe\",\"wampd.s\","
	    "{\"match\":\"prefix\"}]");
	tap_int(b->watch.wanted, 1 << WATCH_SLOW | 1 << WATCH_SESSION_OPEN |
	    1 << WATCH_SESSION_LOGIN | 1 << WATCH_SESSION_CLOSE |
	    1 << WATCH_SUBSCRIPTION_OPEN | 1 << WATCH_SUBSCRIPTION_CLOSE,
	    "a prefix watches all that begin with it");
	fake_leave(p);
	fake_turn(b);
	tap_int(b->watch.wanted, 0, "and ends with its session");
	fake_end(b);
}

static void
test_short_prefix(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	(void)fake_say(p, "[2,\"1\",\"wampd.subscribe\",\"\","
	    "{\"match\":\"prefix\"}]");
	tap_int(b->watch.wanted, 0, "all topics are not those of the broker");
	fake_end(b);
}

/* The number of the last event in a text. */
static long
last_number(const char *text)
{
	const char *at, *last = NULL;

	for (at = text; (at = strstr(at, "{\"number\":")) != NULL; at++)
		last = at;
	return last == NULL ? -1 : atol(last + strlen("{\"number\":"));
}

/* A crowd connects while the watcher reads nothing: the oldest events go. */
static void
test_slow_watcher(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *watcher;
	struct broker *b;
	const char *text;
	size_t most = 0;
	int i;

	set.limit_queue = 20000;
	b = fake_broker(&set);
	watcher = fake_open(b, WIRE_LINE);
	(void)fake_say(watcher, "[5,\"wampd.session.open\"]");
	fake_turn(b);
	watcher->room = 0;
	for (i = 0; i < 5000; i++) {
		fake_leave(fake_open(b, WIRE_WS));
		fake_turn(b);
		if (watcher->session->queue.bytes > most)
			most = watcher->session->queue.bytes;
	}
	tap_ok(most < 20000, "the queue of a slow watcher is bounded");
	tap_ok(!watcher->closed, "it stays");
	fake_drain(watcher, SIZE_MAX);
	fake_turn(b);
	text = fake_hear(watcher);
	tap_ok(count(text, "\"number\":") < 200, "it has lost events");
	tap_int(last_number(text), 5000, "but not the last one, and the "
	    "number says how many");
	tap_ok(b->stats.events_dropped > 4000, "they are counted");
	fake_end(b);
}

/* So much happens in a turn that not all is noted. */
static void
test_crowd(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *watcher, *other;
	struct broker *b;
	const char *text;
	int i;

	set.limit_subscriptions = 10000;
	b = fake_broker(&set);
	watcher = fake_open(b, WIRE_LINE);
	other = fake_open(b, WIRE_LINE);
	(void)fake_say(watcher, "[5,\"wampd.subscription.open\"]");
	fake_turn(b);
	(void)fake_hear(watcher);
	for (i = 0; i < 3000; i++)
		(void)fake_say(other, "[5,\"t%d\"]", i);
	fake_turn(b);
	text = fake_hear(watcher);
	tap_int((int64_t)count(text, "\"number\":"), 1024,
	    "a turn has a limited number of events");
	tap_int((int64_t)b->stats.meta_lost, 3000 - 1024,
	    "the others are counted");
	(void)fake_say(other, "[5,\"more\"]");
	fake_turn(b);
	text = fake_hear(watcher);
	tap_ok(has(text, "\"number\":3002,"), "and numbered");
	tap_ok(has(text, "\"lost\":1976,"), "the next one says how many");
	(void)fake_say(other, "[5,\"and more\"]");
	fake_turn(b);
	tap_ok(!has(fake_hear(watcher), "\"lost\""), "only that one");
	fake_end(b);
}

/* Lines about the watcher are events for it; they must come to an end. */
static void
test_feedback(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *watcher, *other;
	struct broker *b;
	uint64_t before;
	int i;

	set.limit_queue = 4000;
	b = fake_broker(&set);
	log_init("test", LOG_LEVEL_DEBUG, LOG_FORMAT_TEXT);
	watcher = fake_open(b, WIRE_LINE);
	other = fake_open(b, WIRE_LINE);
	(void)fake_say(watcher, "[2,\"1\",\"wampd.subscribe\",\"wampd.\","
	    "{\"match\":\"prefix\"}]");
	(void)fake_say(watcher, "[5,\"wampd.log\"]");
	fake_turn(b);
	watcher->room = 0;
	for (i = 0; i < 200; i++) {
		(void)fake_say(other, "[5,\"t%d\"]", i);
		fake_turn(b);
	}
	for (i = 0; i < 10; i++)
		fake_turn(b);
	before = b->stats.meta_events;
	for (i = 0; i < 100; i++)
		fake_turn(b);
	tap_int((int64_t)(b->stats.meta_events - before), 0,
	    "if nothing happens, nothing is told");
	tap_ok(before < 1000, "a line causes few events");
	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	fake_end(b);
}

/* A handler's program must not forge them. */
static void
test_forgery(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "t: { channel: t, handler: t }\n", "t: { type: jq, publish: "
	    "'{topic: \"wampd.slow\", event: 1}' }\n");
	struct broker *b = fake_broker_of(&set, &parts);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	(void)fake_say(p, "[5,\"wampd.slow\"]");
	(void)fake_say(p, "[7,\"t\",1]");
	tap_ok(!has(fake_hear(p), "[8,\"wampd.slow\""),
	    "a program cannot publish on them");
	(void)fake_say(p, "[2,\"1\",\"wampd.publish\",\"wampd.slow\",1]");
	tap_ok(has(fake_hear(p), "wampd.error.not_permitted"),
	    "nor can a local peer");
	fake_end(b);
}

int
main(void)
{
	if (freopen("/dev/null", "w", stderr) == NULL)
		abort();
	test_wanted();
	test_short_prefix();
	test_slow_watcher();
	test_crowd();
	test_feedback();
	test_forgery();
	return tap_done();
}
