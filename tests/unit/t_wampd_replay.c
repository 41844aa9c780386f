/*
 * t_wampd_replay.c: subscribing to a topic with the events of its history.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/core/history.h"

#define NOON	INT64_C(1800000000000)	/* ms since 1970 */

static const struct broker *timed;	/* the wall clock goes with its */

static int64_t
wall(void)
{
	return NOON + timed->now;
}

static struct broker *
broker_with(struct broker_settings set)
{
	struct broker_parts parts = fake_parts(
	    "h: { channel: 'h/{x}', handler: h }\n"
	    "k: { channel: 'k/{x}', handler: k }\n"
	    "r: { channel: 'r/{x}', handler: r }\n"
	    "n: { channel: 'n/{x}', handler: n }\n"
	    "j: { channel: 'j/{x}', handler: j }\n",
	    "h: { type: broadcast, publish: anyone, history: 5000 }\n"
	    "k: { type: broadcast, publish: anyone, history: 3,\n"
	    "     retain: true }\n"
	    "r: { type: broadcast, publish: anyone, retain: true }\n"
	    "n: { type: broadcast, subscribe: nobody, history: 3 }\n"
	    "j: { type: jq, subscribe: '.topic == \"j/yes\"',\n"
	    "     publish: anyone, history: 3 }\n");
	struct broker *b = fake_broker_of(&set, &parts);

	timed = b;
	b->wall = wall;
	return b;
}

static struct broker *
broker(void)
{
	return broker_with(fake_settings());
}

static void
say_some(struct fake_peer *p, const char *topic, int from, int to)
{
	for (; from <= to; from++)
		fake_say(p, "[7,\"%s\",%d]", topic, from);
}

/* Ask for a replay on a session of its own, and compare what it gets. */
static void
replays(struct broker *b, const char *args, const char *expected)
{
	struct fake_peer *s = fake_open(b, WIRE_LINE);

	fake_say(s, "[2,\"c\",\"wampd.replay\",%s]", args);
	tap_str(fake_hear(s), expected, "wampd.replay %s", args);
	fake_leave(s);
	fake_turn(b);
}

static void
test_which(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	say_some(p, "h/t", 1, 3);
	replays(b, "\"h/t\",{}", "[8,\"h/t\",1]\n[8,\"h/t\",2]\n"
	    "[8,\"h/t\",3]\n[3,\"c\",{\"events\":3,\"missed\":0}]\n");
	replays(b, "\"h/t\",{\"last\":2}", "[8,\"h/t\",2]\n[8,\"h/t\",3]\n"
	    "[3,\"c\",{\"events\":2,\"missed\":0}]\n");
	replays(b, "\"h/u\",{\"last\":2}",
	    "[3,\"c\",{\"events\":0,\"missed\":0}]\n");
	fake_pass(b, 5000);
	say_some(p, "h/t", 4, 4);
	replays(b, "\"h/t\",{\"since\":4.5}", "[8,\"h/t\",4]\n"
	    "[3,\"c\",{\"events\":1,\"missed\":0}]\n");
	replays(b, "\"h/t\",{\"since\":5,\"last\":2}", "[8,\"h/t\",3]\n"
	    "[8,\"h/t\",4]\n[3,\"c\",{\"events\":2,\"missed\":0}]\n");
	replays(b, "\"h/t\",{\"since\":\"2027-01-15T08:00:05Z\"}",
	    "[8,\"h/t\",4]\n[3,\"c\",{\"events\":1,\"missed\":0}]\n");
	say_some(p, "k/t", 1, 4);
	replays(b, "\"k/t\",{\"last\":9}", "[8,\"k/t\",2]\n[8,\"k/t\",3]\n"
	    "[8,\"k/t\",4]\n[3,\"c\",{\"events\":3,\"missed\":0}]\n");
	say_some(p, "r/t", 1, 2);
	replays(b, "\"r/t\",{\"last\":9}",
	    "[8,\"r/t\",2]\n[3,\"c\",{\"events\":1,\"missed\":0}]\n");
	fake_end(b);
}

/* A retained event that the history has lost, or that is newer. */
static void
test_retained_alone(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"r\",\"wampd.publish\",\"h/t\",0,{\"retain\":true}]");
	say_some(p, "h/t", 1, 2);
	(void)history_drop(&b->topics, topic_find(&b->topics, SLICE("h/t")),
	    1, KEEP_CLEARED);
	replays(b, "\"h/t\",{}", "[8,\"h/t\",0]\n[8,\"h/t\",1]\n"
	    "[8,\"h/t\",2]\n[3,\"c\",{\"events\":3,\"missed\":0}]\n");
	replays(b, "\"h/t\",{\"last\":2}", "[8,\"h/t\",1]\n[8,\"h/t\",2]\n"
	    "[3,\"c\",{\"events\":2,\"missed\":0}]\n");
	replays(b, "\"h/t\",{\"last\":3}", "[8,\"h/t\",0]\n[8,\"h/t\",1]\n"
	    "[8,\"h/t\",2]\n[3,\"c\",{\"events\":3,\"missed\":0}]\n");
	fake_end(b);
}

static void
test_refused(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	replays(b, "\"n/t\",{}", "[4,\"c\",\"wampd.error.not_permitted\","
	    "\"local:test may not subscribe here\"]\n");
	replays(b, "\"x\",{}", "[4,\"c\",\"wampd.error.no_route\","
	    "\"no route matches the topic\"]\n");
	replays(b, "\"h/t\",{\"last\":0}", "[4,\"c\","
	    "\"wampd.error.invalid_argument\",\"last must be a number from 1 "
	    "on\"]\n");
	replays(b, "\"h/t\",{\"last\":1e3}", "[4,\"c\","
	    "\"wampd.error.invalid_argument\",\"last must be a number from 1 "
	    "on\"]\n");
	replays(b, "\"h/t\",{\"since\":-1}", "[4,\"c\","
	    "\"wampd.error.invalid_argument\",\"since must be a number of "
	    "seconds, or a time such as \\\"2026-12-24T22:00:00Z\\\"\"]\n");
	replays(b, "\"h/t\",{\"until\":1}", "[4,\"c\","
	    "\"wampd.error.invalid_argument\",\"the options are last and "
	    "since\"]\n");
	replays(b, "\"\",{}", "[4,\"c\",\"wampd.error.invalid_argument\","
	    "\"the topic is empty\"]\n");
	replays(b, "1,{}", "[4,\"c\",\"wampd.error.invalid_argument\","
	    "\"arguments: topic[, options]\"]\n");
	fake_say(p, "[5,\"h/t\"]");
	fake_say(p, "[2,\"c\",\"wampd.replay\",\"h/t\",{}]");
	tap_ok(has(fake_hear(p), "subscribed to the topic already"),
	    "a second subscription is refused");
	fake_end(b);
}

/* A program decides. */
static void
test_program(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE), *s;

	fake_say(p, "[7,\"j/yes\",1]");
	fake_say(p, "[7,\"j/no\",2]");
	fake_settle(b);
	replays(b, "\"j/yes\",{}", "[8,\"j/yes\",1]\n"
	    "[3,\"c\",{\"events\":1,\"missed\":0}]\n");
	s = fake_open(b, WIRE_LINE);
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"j/no\",{}]");
	tap_ok(has(fake_hear(s), "[4,\"c\",\"wampd.error.not_permitted\","),
	    "it says no");
	fake_say(s, "[2,\"d\",\"wampd.replay\",\"j/yes\",{}]");
	fake_say(s, "[6,\"j/yes\"]");
	tap_str(fake_hear(s), "[4,\"d\",\"wampd.error.not_permitted\","
	    "\"the subscription has ended\"]\n",
	    "an UNSUBSCRIBE meanwhile ends it");
	fake_say(s, "[2,\"e\",\"wampd.replay\",\"j/yes\",{}]");
	fake_leave(s);
	fake_settle(b);
	fake_end(b);
}

/* A history far larger than limits.queue, for a peer that reads slowly. */
static void
test_slow(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *s;
	struct broker *b;
	struct buf got = { 0 };
	const char *at;
	char event[200];
	int i, n = 0, wrong = 0;

	set.limit_queue = 4096;
	b = broker_with(set);
	p = fake_open(b, WIRE_LINE);
	for (i = 0; i < 1000; i++)
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
	s = fake_open(b, WIRE_LINE);
	s->room = 0;
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"h/t\",{}]");
	fake_turn(b);
	tap_ok(s->session->queue.bytes < 2048, "the queue stays short");
	for (i = 1000; i < 1010; i++)
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
	for (i = 0; i < 5000 && !s->closed && n != 1010; i++) {
		fake_drain(s, 500);
		(void)fake_turn(b);
		(void)buf_add_str(&got, fake_hear(s));
		n = 0;
		for (at = buf_cstr(&got); (at = strstr(at, "[8,")) != NULL;
		    at++)
			n++;
	}
	tap_ok(!s->closed && n == 1010, "it gets all events: %d", n);
	at = buf_cstr(&got);
	for (i = 0; i < 1010 && at != NULL; i++) {
		(void)snprintf(event, sizeof(event), "[8,\"h/t\",\"%0100d\"]",
		    i);
		at = strstr(at, event);
		wrong += at == NULL;
	}
	tap_int(wrong, 0, "in their order, the new ones behind the old ones");
	tap_ok(has(buf_cstr(&got), "{\"events\":1000,\"missed\":0}"),
	    "and the answer");
	fake_say(p, "[7,\"h/t\",\"later\"]");
	fake_drain(s, SIZE_MAX);
	tap_ok(has(fake_hear(s), "later"), "then events come as ever");
	tap_ok(!s->session->replaying, "on the usual way");
	buf_clear(&got);
	fake_end(b);
}

/* The history turns over before the peer reads it. */
static void
test_missed(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *s;
	struct broker *b;
	int i;

	set.limit_queue = 1024;
	b = broker_with(set);
	p = fake_open(b, WIRE_LINE);
	for (i = 0; i < 100; i++)
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
	s = fake_open(b, WIRE_LINE);
	s->room = 0;
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"h/t\",{}]");
	fake_turn(b);
	(void)history_drop(&b->topics, topic_find(&b->topics, SLICE("h/t")),
	    1000, KEEP_CLEARED);
	fake_drain(s, SIZE_MAX);
	fake_turn(b);
	tap_ok(has(fake_hear(s), ",\"missed\":9"),
	    "the answer says how many are missing");
	fake_end(b);
}

/* Who never reads is closed when too many new events wait. */
static void
test_never_reads(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *s;
	struct broker *b;
	int i;

	set.limit_queue = 4096;
	b = broker_with(set);
	p = fake_open(b, WIRE_LINE);
	for (i = 0; i < 100; i++)
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
	s = fake_open(b, WIRE_LINE);
	s->room = 0;
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"h/t\",{}]");
	for (i = 0; i < 100 && !p->paused; i++) {
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
		fake_turn(b);
	}
	tap_ok(p->paused && i > 10 && i < 50, "the publisher waits: %d", i);
	for (i = 0; i < 100; i++)
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
	fake_turn(b);
	tap_ok(s->closed, "too many events close the session");
	tap_ok(TAILQ_EMPTY(&b->replays), "and end the replay");
	fake_end(b);
}

static void
test_unsubscribe(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *s;
	struct broker *b;
	int i;

	set.limit_queue = 4096;
	b = broker_with(set);
	p = fake_open(b, WIRE_LINE);
	for (i = 0; i < 100; i++)
		fake_say(p, "[7,\"h/t\",\"%0100d\"]", i);
	s = fake_open(b, WIRE_LINE);
	s->room = 0;
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"h/t\",{}]");
	fake_turn(b);
	fake_say(p, "[7,\"h/t\",\"new\"]");
	fake_say(s, "[6,\"h/t\"]");
	fake_drain(s, SIZE_MAX);
	tap_ok(has(fake_hear(s), "the subscription has ended"),
	    "an UNSUBSCRIBE ends it");
	tap_ok(TAILQ_EMPTY(&b->replays) && !s->session->replaying,
	    "nothing is left");
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"h/t\",{\"last\":1}]");
	tap_ok(has(fake_hear(s), "new"), "it may begin again");
	s->room = 0;
	fake_say(s, "[6,\"h/t\"]");
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"h/t\",{}]");
	fake_turn(b);
	fake_leave(s);
	fake_turn(b);
	tap_ok(TAILQ_EMPTY(&b->replays), "a session that leaves ends it");
	fake_end(b);
}

static void
test_websocket(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *s = fake_open(b, WIRE_WS);

	say_some(p, "k/t", 1, 2);
	fake_say(s, "[2,\"m\",\"wampd.mark\",true]");
	(void)fake_hear(s);
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"k/t\",{}]");
	say_some(p, "k/t", 3, 3);
	tap_str(fake_hear(s),
	    "TEXT [8,\"k/t\",1,{\"history\":true,"
	    "\"time\":\"2027-01-15T08:00:00.000Z\"}]\n"
	    "TEXT [8,\"k/t\",2,{\"history\":true,"
	    "\"time\":\"2027-01-15T08:00:00.000Z\"}]\n"
	    "TEXT [3,\"c\",{\"events\":2,\"missed\":0}]\n"
	    "TEXT [8,\"k/t\",3]\n", "marks tell the time of each old event");
	s = fake_open_compressed(b);
	fake_say(s, "[2,\"c\",\"wampd.replay\",\"k/t\",{}]");
	tap_ok(has(fake_hear(s), "{\"events\":3,"), "compressed messages");
	fake_say(p, "[7,\"k/t\",4]");
	tap_ok(has(fake_hear(s), "[8,\"k/t\",4]"), "then, too");
	fake_end(b);
}

int
main(void)
{
	test_which();
	test_retained_alone();
	test_refused();
	test_program();
	test_slow();
	test_missed();
	test_never_reads();
	test_unsubscribe();
	test_websocket();
	return tap_done();
}
