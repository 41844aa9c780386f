/*
 * t_wampd_prefix_sub.c: wampd.subscribe: subscriptions to prefixes.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"

#define KEPT	2000		/* topics that keep an event of */
#define EVENT	1000		/* bytes: more than a queue may hold */

static void
subscribe_prefix(struct fake_peer *p, const char *prefix)
{
	fake_say(p, "[2,\"w\",\"wampd.subscribe\",\"%s\","
	    "{\"match\":\"prefix\"}]", prefix);
}

static struct broker *
broker_with(uint64_t retained, uint64_t queues)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "all: { channel: 'k/{x}', handler: { callback: keep }, "
	    "requirements: { x: { pattern: '.+' } } }\n",
	    "keep: { type: broadcast, retain: true, publish: [anyone] }\n");

	set.limit_retained = retained;
	set.limit_queues = queues;
	return fake_broker_of(&set, &parts);
}

static struct broker *
broker_that_keeps(uint64_t bytes)
{
	return broker_with(bytes, 1 << 30);
}

static void
test_events(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *w = fake_open(b, WIRE_LINE);
	struct fake_peer *pub = fake_open(b, WIRE_WS);

	subscribe_prefix(w, "a/");
	tap_str(fake_hear(w), "[3,\"w\",null]\n", "the call is answered");
	fake_say(pub, "[7,\"a/x\",1]");
	fake_say(pub, "[7,\"b/x\",2]");
	fake_say(pub, "[7,\"a/\",3]");
	fake_say(pub, "[7,\"a\",4]");
	tap_str(fake_hear(w), "[8,\"a/x\",1]\n[8,\"a/\",3]\n",
	    "what begins so is heard, under its own topic");
	subscribe_prefix(w, "a/");
	subscribe_prefix(w, "");
	fake_say(w, "[5,\"a/x\"]");
	(void)fake_hear(w);
	fake_say(pub, "[7,\"a/x\",5]");
	fake_say(pub, "[7,\"c\",6]");
	tap_str(fake_hear(w), "[8,\"a/x\",5]\n[8,\"c\",6]\n",
	    "whatever it asked for, an event comes once");
	tap_int(w->session->nsubs, 3, "each counts as a subscription");
	fake_leave(w);
	(void)fake_turn(b);
	tap_ok(LIST_EMPTY(&b->prefix_subs), "nothing is left of who has gone");
	fake_say(pub, "[7,\"a/x\",7]");
	(void)fake_turn(b);
	fake_end(b);
}

static void
test_audience(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *w = fake_open(b, WIRE_LINE);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	subscribe_prefix(w, "");
	(void)fake_hear(w);
	fake_say(p, "[7,\"t\",1,[\"%s\"]]", w->id);
	fake_say(p, "[7,\"t\",2,[],[\"%s\"]]", p->id);
	tap_str(fake_hear(w), "", "an event that excludes it is not heard");
	fake_say(p, "[7,\"t\",3,[],[\"%s\"]]", w->id);
	tap_str(fake_hear(w), "[8,\"t\",3]\n", "one for it alone is");
	fake_say(w, "[7,\"t\",4,true]");
	tap_str(fake_hear(w), "", "nor its own, when it says so");
	fake_say(p, "[2,\"p\",\"wampd.publish\",\"t\",5]");
	tap_str(fake_hear(p), "[3,\"p\",{\"delivered\":1}]\n",
	    "prefix subscribers are counted as watchers");
	fake_end(b);
}

static void
test_retained(void)
{
	struct broker *b = broker_that_keeps(1 << 20);
	struct fake_peer *w = fake_open(b, WIRE_LINE);
	struct fake_peer *p = fake_open(b, WIRE_WS);

	fake_say(p, "[7,\"k/a\",1]");
	fake_say(p, "[7,\"k/b\",2]");
	subscribe_prefix(w, "k/a");
	tap_str(fake_hear(w), "[8,\"k/a\",1]\n[3,\"w\",null]\n",
	    "what a topic keeps comes before the answer");
	subscribe_prefix(w, "k/");
	tap_str(fake_hear(w), "[8,\"k/b\",2]\n[3,\"w\",null]\n",
	    "but not again");
	fake_say(w, "[5,\"k/b\"]");
	tap_str(fake_hear(w), "", "nor by a subscription");
	fake_end(b);
}

/* Half of it is read, then a topic's event is replaced. */
static void
test_slow(void)
{
	struct broker *b = broker_that_keeps(16 << 20);
	struct fake_peer *w = fake_open(b, WIRE_LINE);
	struct fake_peer *p = fake_open(b, WIRE_WS);
	char event[EVENT + 1];
	const char *got;
	size_t i, lines = 0;

	memset(event, '1', EVENT);
	event[EVENT] = '\0';
	for (i = 0; i < KEPT; i++)
		fake_say(p, "[7,\"k/%zu\",%s]", i, event);
	(void)fake_hear(p);
	w->room = KEPT / 2 * EVENT;
	subscribe_prefix(w, "k/");
	(void)fake_turn(b);
	tap_ok(!w->closed, "more than its queue holds does not close it");
	for (i = 0; i < KEPT; i++)
		fake_say(p, "[7,\"k/%zu\",2]", i);
	fake_drain(w, SIZE_MAX);
	got = fake_hear(w);
	for (; (got = strchr(got, '\n')) != NULL; got++)
		lines++;
	/* The rest of the old ones are nobody's any more. */
	tap_ok(lines > KEPT + KEPT / 2 - KEPT / 4 && lines < 2 * KEPT + 1,
	    "it reads on: %zu lines", lines);
	tap_ok(!w->closed, "and is still there");
	fake_end(b);
}

/* It goes while there is more to send. */
static void
test_slow_leaves(void)
{
	struct broker *b = broker_that_keeps(16 << 20);
	struct fake_peer *w = fake_open(b, WIRE_LINE);
	struct fake_peer *p = fake_open(b, WIRE_WS);
	char event[EVENT + 1];
	size_t i;

	memset(event, '1', EVENT);
	event[EVENT] = '\0';
	for (i = 0; i < KEPT; i++)
		fake_say(p, "[7,\"k/%zu\",%s]", i, event);
	w->room = 0;
	subscribe_prefix(w, "k/");
	(void)fake_turn(b);
	fake_leave(w);
	(void)fake_turn(b);
	tap_ok(LIST_EMPTY(&b->prefix_subs), "nothing is left of it");
	fake_end(b);
}

/* It does not read, and all that topics held is replaced: that is not kept for
 * it alone where it would be too much. */
static void
test_slow_replaced(void)
{
	struct broker *b = broker_with(16 << 20, 1 << 20);
	struct fake_peer *w = fake_open(b, WIRE_LINE);
	struct fake_peer *p = fake_open(b, WIRE_WS);
	struct fake_peer *other = fake_open(b, WIRE_LINE);
	char event[EVENT + 1];
	size_t i;

	memset(event, '1', EVENT);
	event[EVENT] = '\0';
	for (i = 0; i < KEPT; i++)
		fake_say(p, "[7,\"k/%zu\",%s]", i, event);
	w->room = other->room = 0;
	subscribe_prefix(w, "k/");
	fake_say(other, "[5,\"k/1\"]");
	(void)fake_turn(b);
	for (i = 0; i < KEPT; i++)
		fake_say(p, "[7,\"k/%zu\",2]", i);
	(void)fake_turn(b);
	tap_ok(b->pressure.frame_bytes < 1 << 20, "what they held is not kept");
	tap_ok(!w->closed && !other->closed, "and nobody has to go");
	fake_drain(w, SIZE_MAX);
	tap_ok(strstr(fake_hear(w), "[3,\"w\",null]\n") != NULL,
	    "it reads on to the end");
	fake_end(b);
}

static void
test_refusals(void)
{
	static const char *const wrong[] = { "", ",\"a\"",
	    ",1,{\"match\":\"prefix\"}", ",\"a\",{}",
	    ",\"a\",{\"match\":\"glob\"}", ",\"a\",[\"prefix\"]",
	    ",\"a\",{\"match\":\"prefix\",\"x\":1}" };
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *w, *ws;
	size_t i;

	set.limit_subscriptions = 1;
	b = fake_broker(&set);
	w = fake_open(b, WIRE_LINE);
	ws = fake_open(b, WIRE_WS);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fake_say(w, "[2,\"w\",\"wampd.subscribe\"%s]", wrong[i]);
		tap_str(fake_hear(w),
		    "[4,\"w\",\"wampd.error.invalid_argument\","
		    "\"arguments: prefix, {\\\"match\\\":\\\"prefix\\\"}\"]\n",
		    "refused: %s", wrong[i]);
	}
	subscribe_prefix(ws, "");
	tap_ok(strstr(fake_hear(ws), "wampd.error.not_permitted") != NULL,
	    "only local peers may");
	subscribe_prefix(w, "a");
	subscribe_prefix(w, "b");
	tap_str(fake_hear(w), "[3,\"w\",null]\n"
	    "[4,\"w\",\"wampd.error.not_permitted\","
	    "\"limits.subscriptions is 1\"]\n", "the limit holds");
	fake_end(b);
}

int
main(void)
{
	test_events();
	test_audience();
	test_retained();
	test_slow();
	test_slow_leaves();
	test_slow_replaced();
	test_refusals();
	return tap_done();
}
