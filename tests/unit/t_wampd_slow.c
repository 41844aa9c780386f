/*
 * t_wampd_slow.c: receivers that do not keep up: back-pressure, and its end.
 */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"

static void
test_back_pressure(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *slow, *fast, *pub;
	struct broker *b;
	int sent = 0;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	slow = fake_open(b, WIRE_LINE);
	fast = fake_open(b, WIRE_LINE);
	pub = fake_open(b, WIRE_LINE);
	fake_say(slow, "[5,\"t\"]");
	fake_say(fast, "[5,\"t\"]");
	slow->room = 0;
	while (fake_say(pub, "[7,\"t\",\"%0100d\"]", sent++))
		fake_turn(b);
	tap_ok(pub->paused, "a publisher waits for a slow receiver");
	tap_ok(sent > 30 && sent < 60, "at half of its queue's limit");
	tap_ok(slow->session->queue.bytes <= 10000 + 200,
	    "which is bounded");
	fake_drain(slow, 1000);
	tap_ok(pub->paused, "a little room is not enough");
	fake_drain(slow, SIZE_MAX);
	tap_ok(!pub->paused, "it goes on when the queue has drained");
	fake_turn(b);
	tap_int((int64_t)slow->out.len, sent * 111,
	    "the slow receiver has lost nothing");
	tap_int((int64_t)fast->out.len, sent * 111, "nor has the fast one");
	tap_int(b->stats.sessions_overflowed, 0, "nobody was dropped");
	fake_end(b);
}

static void
test_stall(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	stuck = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(stuck, "[5,\"t\"]");
	stuck->room = 0;
	while (fake_say(pub, "[7,\"t\",\"%0100d\"]", 0))
		fake_turn(b);
	broker_set_now(b, 999);
	tap_int(fake_turn(b), 1, "the turn tells when the budget ends");
	tap_ok(pub->paused && !stuck->closed, "until then all wait");
	broker_set_now(b, 1000);
	fake_turn(b);
	tap_ok(stuck->closed, "then the receiver goes");
	tap_int(stuck->code, 1008, "with 1008");
	tap_ok(!pub->paused, "and its publisher goes on");
	tap_int(b->stats.sessions_overflowed, 1, "it is counted");
	fake_end(b);
}

/* Publish until somebody holds pub up; how many events that were. */
static int
publish_until_paused(struct broker *b, struct fake_peer *pub)
{
	int n = 1;

	while (fake_say(pub, "[7,\"t\",\"%0100d\"]", 0)) {
		fake_turn(b);
		n++;
	}
	return n;
}

/* The budget is one of a whole window, and comes back in it. */
static void
test_stall_window(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *slow, *pub;
	struct broker *b;
	int64_t now = 0;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	slow = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(slow, "[5,\"t\"]");
	for (; now < 60000; now += 50) {	/* drains within a moment */
		slow->room = 0;
		(void)publish_until_paused(b, pub);
		broker_set_now(b, now + 50);
		fake_drain(slow, SIZE_MAX);
		fake_turn(b);
	}
	tap_ok(!slow->closed, "who reads steadily may be slower for ever");
	slow->room = 0;
	(void)publish_until_paused(b, pub);
	broker_set_now(b, now += 800);
	fake_drain(slow, SIZE_MAX);
	broker_set_now(b, now += 100);
	slow->room = 0;
	(void)publish_until_paused(b, pub);
	broker_set_now(b, now += 205);
	fake_turn(b);
	tap_ok(!slow->closed, "a second stall takes what is left,");
	broker_set_now(b, now += 10);
	fake_turn(b);
	tap_ok(slow->closed, "and no more");

	slow = fake_open(b, WIRE_WS);
	fake_say(slow, "[5,\"t\"]");
	slow->room = 0;
	(void)publish_until_paused(b, pub);
	broker_set_now(b, now += 900);
	fake_drain(slow, SIZE_MAX);
	broker_set_now(b, now += 10000);
	slow->room = 0;
	(void)publish_until_paused(b, pub);
	broker_set_now(b, now + 999);
	fake_turn(b);
	tap_ok(!slow->closed, "behind a window, it has all of it again");
	fake_end(b);
}

/* ---- overflow: drop-* ---- */

static struct broker *
dropping_broker(const char *overflow, struct fake_peer **slow,
    struct fake_peer **pub)
{
	struct broker_settings set = fake_settings();
	struct buf handlers = { 0 };
	struct broker_parts parts;
	struct broker *b;

	if (buf_addf(&handlers, "t: { type: broadcast, overflow: %s }\n"
	    "u: { type: broadcast }\n", overflow) == -1)
		abort();
	parts = fake_parts("t: { channel: t, handler: t }\n"
	    "u: { channel: u, handler: u }\n", buf_cstr(&handlers));
	buf_clear(&handlers);
	set.limit_queue = 10000;
	b = fake_broker_of(&set, &parts);
	*slow = fake_open(b, WIRE_LINE);
	*pub = fake_open(b, WIRE_LINE);
	fake_say(*slow, "[5,\"t\"]");
	fake_say(*slow, "[5,\"u\"]");
	(*slow)->room = 0;
	fake_say(*pub, "[7,\"u\",\"first\"]");
	return b;
}

/* Read lines of numbered events; the first and the last number. */
static size_t
heard(struct fake_peer *p, int *first, int *last)
{
	const char *line = fake_hear(p);
	size_t n = 0;
	int number;

	for (; (line = strstr(line, "[8,\"t\",\"")) != NULL; line++) {
		number = atoi(line + strlen("[8,\"t\",\""));
		if (n++ == 0)
			*first = number;
		*last = number;
	}
	return n;
}

static void
test_drop(const char *overflow, bool oldest)
{
	struct fake_peer *slow, *pub;
	struct broker *b = dropping_broker(overflow, &slow, &pub);
	int i, first = -1, last = -1;
	size_t n;

	for (i = 0; i < 1000; i++) {
		if (!fake_say(pub, "[7,\"t\",\"%0100d\"]", i))
			break;
		fake_turn(b);
	}
	tap_int(i, 1000, "%s: the publisher never waits", overflow);
	tap_ok(slow->session->queue.bytes <= 5200, "the queue is bounded");
	tap_ok(!slow->closed, "its receiver stays");
	fake_say(pub, "[2,\"i\",\"wampd.sessions\"]");
	tap_ok(strstr(fake_hear(pub), "\"dropped\":9") != NULL,
	    "what was dropped is told");
	fake_drain(slow, SIZE_MAX);
	tap_ok(strncmp(slow->out.data, "[8,\"u\",\"first\"]\n", 16) == 0,
	    "what may not be dropped is not");
	n = heard(slow, &first, &last);
	tap_int((int64_t)(n + b->stats.events_dropped), 1000,
	    "delivered or dropped and counted");
	tap_int(last - first + 1, (int64_t)n, "no holes");
	tap_int(oldest ? last : first, oldest ? 999 : 0,
	    "%s are gone", oldest ? "the oldest" : "the newest");
	fake_end(b);
}

/* ---- limits.queues ---- */

/* The largest queue goes first; others and what is retained stay. */
static void
test_all_queues(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck[10], *pub;
	struct broker *b;
	size_t i, n = 0;

	set.limit_queue = 1 << 20;
	set.limit_queues = 300000;
	b = fake_broker(&set);
	pub = fake_open(b, WIRE_LINE);
	for (i = 0; i < 10; i++) {
		stuck[i] = fake_open(b, WIRE_WS);
		fake_say(stuck[i], "[5,\"t%zu\"]", i);
		stuck[i]->room = 0;
		fake_say(pub, "[7,\"t%zu\",\"%0*d\"]", i, i == 3 ? 90000 :
		    40000, 0);
		fake_turn(b);
	}
	for (i = 0; i < 10; i++)
		n += stuck[i]->closed;
	tap_ok(stuck[3]->closed, "the largest queue goes");
	tap_int(stuck[3]->code, 1008, "with 1008");
	tap_int((int64_t)n, 3, "and as many more as must");
	tap_int((int64_t)b->stats.sessions_evicted, 3, "they are counted");
	tap_ok(b->frame_bytes <= 300000, "memory is bounded");
	fake_end(b);
}

/* Several publishers at once could overrun the queue: it is never more than
 * one message above its limit. */
static void
test_overrun(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck, *pub[20];
	struct broker *b;
	size_t i;

	set.limit_queue = 4096;
	b = fake_broker(&set);
	stuck = fake_open(b, WIRE_LINE);
	fake_say(stuck, "[5,\"t\"]");
	stuck->room = 0;
	for (i = 0; i < 20; i++) {
		pub[i] = fake_open(b, WIRE_LINE);
		fake_say(pub[i], "[7,\"t\",\"%01000d\"]", 0);
	}
	fake_turn(b);
	tap_ok(stuck->closed, "a queue over its limit ends the session");
	for (i = 0; i < 20; i++)
		if (pub[i]->paused)
			break;
	tap_int((int64_t)i, 20, "nobody waits for it any more");
	fake_end(b);
}

/* A peer that does not read its own answers is not read from. */
static void
test_own_answers(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p;
	struct broker *b;

	set.limit_queue = 4096;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	p->room = 0;
	while (fake_say(p, "[2,\"i\",\"wampd.echo\",\"%0100d\"]", 0))
		fake_turn(b);
	tap_ok(p->paused, "calls without reading the answers pause");
	tap_ok(p->session != NULL && p->session->queue.bytes < 4096,
	    "before the queue is full");
	fake_drain(p, SIZE_MAX);
	tap_ok(!p->paused, "reading them resumes");
	fake_end(b);
}

static void
test_partial_writes(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct buf all = { 0 };
	int i;

	fake_say(p, "[5,\"t\"]");
	p->room = 0;
	for (i = 0; i < 200; i++)
		fake_say(p, "[7,\"t\",%d]", i);
	while (p->session->queue.bytes > 0) {
		fake_drain(p, 7);
		if (buf_add_slice(&all, buf_slice(&p->out)) == -1)
			abort();
		buf_reset(&p->out);
	}
	for (i = 0; i < 200; i++)
		if (buf_addf(&p->out, "[8,\"t\",%d]\n", i) == -1)
			abort();
	tap_ok(slice_eq(buf_slice(&all), buf_slice(&p->out)),
	    "seven bytes at a time lose nothing and keep the order");
	buf_clear(&all);
	fake_end(b);
}

/* What comes in one turn is written at its end: a queue that has not been
 * offered to the socket says nothing about its peer. */
static void
test_large_events(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *good, *stuck, *pub[3];
	struct broker *b = fake_broker(&set);
	size_t i;

	good = fake_open(b, WIRE_WS);
	stuck = fake_open(b, WIRE_WS);
	stuck->room = 0;
	fake_say(good, "[5,\"t\"]");
	fake_say(stuck, "[5,\"t\"]");
	for (i = 0; i < 3; i++)
		pub[i] = fake_open(b, WIRE_LINE);
	for (i = 0; i < 3; i++)
		fake_say(pub[i], "[7,\"t\",\"%0700000d\"]", 0);
	fake_turn(b);
	tap_ok(!good->closed, "three large events in a turn drop nobody");
	tap_int((int64_t)good->out.len, 3 * (700010 + 10), "who gets all");
	tap_ok(stuck->closed, "but who takes none");
	tap_int(b->stats.sessions_overflowed, 1, "which is counted");
	fake_end(b);
}

/* A budget of nothing is for those who take nothing. */
static void
test_no_stall(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *good, *stuck, *pub;
	struct broker *b;

	set.stall = 0;
	b = fake_broker(&set);
	good = fake_open(b, WIRE_WS);
	stuck = fake_open(b, WIRE_WS);
	stuck->room = 0;
	pub = fake_open(b, WIRE_LINE);
	fake_say(good, "[5,\"t\"]");
	fake_say(stuck, "[5,\"t\"]");
	fake_say(pub, "[7,\"t\",\"%0600000d\"]", 0);
	fake_turn(b);
	tap_ok(!good->closed, "stall 0: who takes all at once stays");
	tap_ok(stuck->closed, "stall 0: who does not is dropped");
	tap_ok(!pub->paused, "stall 0: nobody waits");
	fake_end(b);
}

/* Messages larger than a whole queue pass one at a time. */
static void
test_small_queue(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *pub;
	struct broker *b;
	int i;

	set.limit_queue = 1;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	pub = fake_open(b, WIRE_LINE);
	fake_say(p, "[5,\"t\"]");
	for (i = 0; i < 3; i++) {
		fake_say(pub, "[7,\"t\",%d]", i);
		fake_turn(b);
	}
	tap_str(fake_hear(p), "[8,\"t\",0]\n[8,\"t\",1]\n[8,\"t\",2]\n",
	    "a queue of one byte holds one message");
	tap_ok(!pub->paused, "and its publisher goes on");
	fake_end(b);
}

int
main(void)
{
	test_large_events();
	test_no_stall();
	test_small_queue();
	test_back_pressure();
	test_stall();
	test_stall_window();
	test_drop("drop-oldest", true);
	test_drop("drop-newest", false);
	test_all_queues();
	test_overrun();
	test_own_answers();
	test_partial_writes();
	return tap_done();
}
