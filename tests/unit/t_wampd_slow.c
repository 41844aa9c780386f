/*
 * t_wampd_slow.c: receivers that do not keep up: back-pressure, and its end.
 */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/core/turn.h"

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
	fake_flood(b, pub);
	broker_set_now(b, 999);
	tap_int(fake_turn(b), 1, "the turn tells when the budget ends");
	tap_ok(pub->paused && !stuck->closed, "until then all wait");
	broker_set_now(b, 1000);
	fake_turn(b);
	tap_ok(stuck->closed, "then the receiver goes");
	tap_int(stuck->code, 0, "without a code, so that it comes back");
	tap_ok(!pub->paused, "and its publisher goes on");
	tap_int(b->stats.sessions_overflowed, 1, "it is counted");
	fake_end(b);
}

/* The budget is one of a whole window, and comes back in it. */
static void
test_stall_window(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *slow, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	slow = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(slow, "[5,\"t\"]");
	while (b->now < 60000) {	/* drains within a moment */
		slow->room = 0;
		fake_flood(b, pub);
		fake_pass(b, 50);
		fake_drain(slow, SIZE_MAX);
		fake_turn(b);
	}
	tap_ok(!slow->closed, "who reads steadily may be slower for ever");
	slow->room = 0;
	fake_flood(b, pub);
	fake_pass(b, 800);
	fake_drain(slow, SIZE_MAX);
	fake_pass(b, 100);
	slow->room = 0;
	fake_flood(b, pub);
	fake_pass(b, 705);
	fake_turn(b);
	tap_ok(!slow->closed, "what could not be made up for counts,");
	fake_pass(b, 10);
	fake_turn(b);
	tap_ok(slow->closed, "together with a second stall");

	slow = fake_open(b, WIRE_WS);
	fake_say(slow, "[5,\"t\"]");
	slow->room = 0;
	fake_flood(b, pub);
	fake_pass(b, 900);
	fake_drain(slow, SIZE_MAX);
	fake_pass(b, 10000);
	slow->room = 0;
	fake_flood(b, pub);
	fake_pass(b, 999);
	fake_turn(b);
	tap_ok(!slow->closed, "behind a window, it has all of it again");
	fake_end(b);
}

/* A minute of a receiver that takes a little at a time, for ever slow: the
 * share of limits.queue that it takes in limits.stall decides. */
static bool
survives(size_t bytes)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *slow, *pub;
	struct broker *b;
	bool survived;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	slow = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(slow, "[5,\"t\"]");
	slow->room = 0;
	while (b->now < 60000 && !slow->closed) {
		fake_flood(b, pub);
		fake_pass(b, 50);
		if (slow->session != NULL)
			fake_drain(slow, bytes);
		fake_pass(b, 50);
	}
	survived = !slow->closed;
	fake_end(b);
	return survived;
}

static void
test_steady(void)
{
	tap_ok(survives(250), "a quarter of limits.queue in limits.stall: "
	    "slower than its publisher for ever");
	tap_ok(!survives(200), "less than that is too slow");
	tap_ok(!survives(1), "a byte now and then is");
}

/* A broker that comes late itself blames nobody. */
static void
test_late_broker(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *good, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	good = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(good, "[5,\"t\"]");
	good->room = 0;
	fake_flood(b, pub);
	good->room = 1;		/* it has taken all that it got */
	broker_set_now(b, 5000);
	fake_turn(b);
	tap_ok(!good->closed, "who has read everything is not too slow");
	good->room = 0;
	fake_pass(b, 1000);
	fake_turn(b);
	tap_ok(good->closed, "until it stops");
	fake_end(b);
}

/* Two that publish to each other and read nothing wait for each other. */
static void
test_mutual(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p[2];
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	p[0] = fake_open(b, WIRE_WS);
	p[1] = fake_open(b, WIRE_LINE);
	fake_say(p[0], "[5,\"t\"]");
	fake_say(p[1], "[5,\"u\"]");
	p[0]->room = p[1]->room = 0;
	fake_flood(b, p[1]);
	fake_pass(b, 500);
	while (fake_say(p[0], "[7,\"u\",\"%0100d\"]", 0))
		fake_turn(b);
	tap_ok(p[0]->paused && p[1]->paused, "two wait for each other");
	fake_pass(b, 500);
	fake_turn(b);
	tap_ok(p[0]->closed, "the one that stopped first is closed");
	tap_ok(!p[1]->closed && !p[1]->paused, "the other one goes on");
	fake_end(b);
}

/* Who waits may leave, be closed itself, or see the broker stop. */
static void
test_waiters(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck, *pub, *gone, *doomed;
	struct broker *b;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	stuck = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	gone = fake_open(b, WIRE_LINE);
	doomed = fake_open(b, WIRE_WS);
	fake_say(stuck, "[5,\"t\"]");
	stuck->room = 0;
	fake_flood(b, pub);
	tap_ok(!fake_say(gone, "[7,\"t\",1]"), "one more waits,");
	tap_ok(!fake_say(doomed, "[7,\"t\",1]"), "and another one");
	fake_leave(gone);
	session_doom(doomed->session, 1000, "test");
	fake_turn(b);
	tap_ok(doomed->closed && doomed->paused,
	    "who is closed while it waits is not resumed");
	tap_ok(pub->paused, "nor is anyone else");
	turn_stop(b, 2000);
	fake_drain(stuck, SIZE_MAX);
	fake_turn(b);
	tap_ok(stuck->closed && pub->closed, "a broker that stops lets the "
	    "stuck one have what is queued");
	tap_ok(pub->paused, "and resumes nobody");
	fake_end(b);
}

/* Pongs of a session that is not read from are not read either. */
static void
test_pong_of_waiter(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	set.keepalive = 300;
	b = fake_broker(&set);
	stuck = fake_open(b, WIRE_LINE);
	pub = fake_open(b, WIRE_WS);
	fake_say(stuck, "[5,\"t\"]");
	stuck->room = 0;
	fake_flood(b, pub);
	fake_pass(b, 950);
	tap_ok(!pub->closed, "a session that waits need not answer pings");
	fake_pass(b, 50);
	fake_turn(b);
	tap_ok(stuck->closed && !pub->paused, "when it goes on");
	fake_pass(b, 700);
	fake_turn(b);
	tap_ok(pub->closed, "it must");
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
	test_steady();
	test_late_broker();
	test_mutual();
	test_waiters();
	test_pong_of_waiter();
	test_overrun();
	test_own_answers();
	test_partial_writes();
	return tap_done();
}
