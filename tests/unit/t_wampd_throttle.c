/*
 * t_wampd_throttle.c: who sends too fast, or asks for too much at once, is not
 * read from for a while.
 */
#include "exec_stage.h"
#include "tap.h"
#include "wampd/core/account.h"
#include "wampd/core/lobby.h"
#include "wampd/core/receive.h"
#include "wampd/core/request.h"
#include "wampd/core/throttle.h"

/* ---- limits.rate ---- */

/* A WebSocket of a stranger: peers of fake_open() are on this machine. */
static struct fake_peer *
stranger(struct broker *b)
{
	struct fake_peer *p = fake_open(b, WIRE_WS);

	p->session->principal = &principal_anonymous;
	return p;
}

/* How many messages are taken before it is paused; at most `most`. */
static int
flood(struct fake_peer *p, int most)
{
	int n = 0;

	while (n < most && !p->paused) {
		fake_say(p, "[6,\"t\"]");
		n++;
	}
	return n;
}

static struct broker *
rated(int64_t rate, int64_t burst)
{
	struct broker_settings set = fake_settings();

	set.limit_rate = rate;
	set.limit_rate_burst = burst;
	return fake_broker(&set);
}

static void
test_rate(void)
{
	struct broker *b = rated(10, 20);
	struct fake_peer *p = stranger(b), *q = stranger(b);

	tap_int(flood(p, 1000), 21, "a burst is taken, and one message more");
	tap_int((int64_t)b->stats.limited_rate, 1, "that is counted");
	tap_ok(!q->paused, "another session is read from");
	fake_pass(b, 90);
	tap_ok(p->paused, "it waits until it has paid");
	fake_pass(b, 20);
	tap_ok(!p->paused, "then it goes on");
	tap_int(flood(p, 1000), 1, "at the rate");
	fake_pass(b, 60000);
	tap_int(flood(p, 1000), 21, "later there is a burst again");
	fake_end(b);
}

static void
test_steady(void)
{
	struct broker *b = rated(10, 20);
	struct fake_peer *p = stranger(b);
	int i;

	for (i = 0; i < 200 && !p->paused; i++) {
		fake_say(p, "[6,\"t\"]");
		fake_pass(b, 100);
	}
	tap_int(i, 200, "who sends at the rate is never paused");
	fake_end(b);
}

/* A look at every 64th message is enough. */
static void
test_large(void)
{
	struct broker *b = rated(1000, 10000);
	struct fake_peer *p = stranger(b);
	int n;

	tap_int(flood(p, 63), 63, "few messages");
	tap_ok(p->session->ledger == NULL, "need no bucket");
	n = 63 + flood(p, 20000);
	tap_ok(n > 10000 && n <= 10064, "%d messages are a burst of 10000", n);
	fake_pass(b, 70);
	tap_ok(!p->paused, "64 messages more are paid in 64 ms");
	fake_end(b);
}

static void
test_trusted(void)
{
	struct broker *b = rated(1, 1);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	struct fake_peer *local = fake_open(b, WIRE_LINE);

	tap_int(flood(ws, 500), 500, "peers of this machine are not limited");
	tap_int(flood(local, 500), 500, "nor is the control socket");
	fake_end(b);
	b = rated(0, 1);
	tap_int(flood(stranger(b), 500), 500, "0 is no limit");
	fake_end(b);
}

static void
test_order(void)
{
	struct broker *b = rated(10, 1);
	struct fake_peer *p = stranger(b), *q = stranger(b);

	fake_say(p, "[6,\"t\"]");
	fake_pass(b, 50);
	fake_say(q, "[6,\"t\"]");
	flood(q, 10);
	flood(p, 10);
	tap_ok(p->paused && q->paused, "two sessions wait");
	fake_pass(b, 60);
	tap_ok(!p->paused && q->paused, "who has paid first goes on first");
	fake_leave(q);
	fake_pass(b, 100);
	fake_end(b);
}

/* ---- limits.requests ---- */

static void
test_requests(void)
{
	struct stage s;
	struct child *c;
	size_t before;
	int i;

	stage_open(&s, "");
	s.broker->set.limit_requests = 4;
	before = account_of(s.ws->session);
	for (i = 1; fake_say(s.ws, "[2,\"i\",\"e/1\"]"); i++)
		;
	tap_int(i, 4, "a session has as many calls as it may");
	tap_int((int64_t)request_load(s.ws->session)->n, 4,
	    "they are counted");
	tap_int((int64_t)s.broker->stats.limited_requests, 1,
	    "so is that it waits");
	tap_ok(account_of(s.ws->session) > before, "they are on its account");
	tap_ok(fake_say(s.p, "[2,\"i\",\"e/1\"]"), "another may ask");
	fake_turn(s.broker);
	c = s.kids.child[0];
	fake_child_say(c, "{\"id\":1,\"result\":1}");
	tap_ok(s.ws->paused, "it waits with three");
	fake_child_say(c, "{\"id\":2,\"result\":1}");
	tap_ok(!s.ws->paused, "and goes on with two");
	fake_child_say(c, "{\"id\":3,\"result\":1}");
	fake_child_say(c, "{\"id\":4,\"result\":1}");
	tap_int((int64_t)account_of(s.ws->session), (int64_t)before,
	    "its account is as before");
	stage_close(&s);
}

/* A few large ones are as bad as many. */
static void
test_bytes(void)
{
	struct stage s;

	stage_open(&s, "");
	s.broker->set.limit_memory_session = 40000;
	tap_ok(fake_say(s.p, "[7,\"e/1\",\"%05000d\"]", 1),
	    "a request that takes less than a quarter of the account");
	tap_ok(!fake_say(s.p, "[7,\"e/1\",\"%06000d\"]", 1),
	    "two that take more");
	tap_ok(s.p->paused && !s.ws->paused, "only their session waits");
	fake_leave(s.p);
	fake_turn(s.broker);
	stage_close(&s);
}

/* Who asks, leaves and comes back has no new share of the queue. */
static void
test_come_back(void)
{
	const struct address ann = { .u.in = { .sin_family = AF_INET,
	    .sin_addr.s_addr = 1 } };
	const struct address bob = { .u.in = { .sin_family = AF_INET,
	    .sin_addr.s_addr = 2 } };
	struct stage s;
	struct fake_peer *p;
	int i, n = 0, max = 0;

	stage_open(&s, ", queue: 100");
	for (i = 0; i < 20; i++) {
		p = fake_open_from(s.broker, &ann,
		    &principal_anonymous_loopback);
		for (n = 1; fake_say(p, "[2,\"i\",\"e/1\"]"); n++)
			;
		max = n > max ? n : max;
		fake_leave(p);
		fake_turn(s.broker);
	}
	tap_int(max, 12, "a ninth of the queue at first");
	tap_int(n, 1, "then it waits for each request");
	p = fake_open_from(s.broker, &bob, &principal_anonymous_loopback);
	tap_ok(fake_say(p, "[2,\"i\",\"e/1\"]"), "another has its share");
	fake_leave(p);
	fake_turn(s.broker);
	stage_close(&s);
}

/* Many sessions ask jq programs for more than there is room for. */
static void
test_jq(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "q: { channel: 'q/{x}', handler: q }\n",
	    "q: { type: jq, publish: '.event' }\n");
	struct broker *b = fake_broker_of(&set, &parts);
	struct fake_peer *good, *many[46];
	bool on = true;
	int i;

	/* First all, because opening one waits for the programs. */
	good = fake_open(b, WIRE_LINE);
	for (i = 0; i < 46; i++)
		many[i] = fake_open(b, WIRE_LINE);
	for (i = 0; i < 46; i++)
		on = fake_say(many[i], "[7,\"q/1\",\"%0900000d\"]", i);
	tap_ok(!on, "who asks for much waits");
	tap_ok(fake_say(good, "[7,\"q/1\",1]"), "who asks for little does not");
	fake_end(b);
}

int
main(void)
{
	test_rate();
	test_steady();
	test_large();
	test_trusted();
	test_order();
	test_requests();
	test_bytes();
	test_come_back();
	test_jq();
	return tap_done();
}
