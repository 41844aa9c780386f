/*
 * t_wampd_exec_faults.c: handlers' programs that are slow, dead or mad, and
 * what is left of the broker then: everything.
 */
#include "exec_stage.h"
#include "tap.h"

static void
test_misfits(void)
{
	static const char *const wrong[] = {
		"\"allow\":null", "\"allow\":1", "\"allow\":true",
		"\"events\":[{\"event\":1}]", "\"result\":1,\"more\":2",
		"\"error\":\"text\"", "\"error\":{}", "\"reason\":\"r\"",
		"\"error\":{\"message\":\"m\",\"uri\":1}",
		"\"result\":1,\"publish\":{\"topic\":\"q\",\"event\":1}",
	};
	struct stage s;
	struct child *c = stage_child(&s);
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fake_say(s.p, "[2,\"i\",\"e/1\"]");
		fake_child_say(c, "{\"id\":%zu,%s}", i + 2, wrong[i]);
		tap_ok(has(fake_hear(s.p), "the handler failed"),
		    "{%s} is no answer to a call", wrong[i]);
	}
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":%zu,\"result\":[<too deep>]}", i + 2);
	tap_ok(has(fake_hear(s.p), "the handler failed"),
	    "an answer that is no JSON is an answer");
	tap_ok(c->running, "it lives on");
	stage_close(&s);
}

static void
test_garbage(void)
{
	static const char *const lines[] = {
		"", "x", "[]", "{}", "{\"id\":1}", "{\"id\":\"1\"}",
		"{\"id\":1e0}", "{\"id\":-1}", "{\"publish\":1}",
		"{\"publish\":{}}", "{\"session\":1,\"attributes\":{}}",
		"{\"session\":\"a\"}", "{\"attributes\":{}}", "{\"\":1}",
		"{\"publish\":{\"topic\":\"q\",\"event\":1},\"id2\":1}",
		"{\"publish\":{\"topic\":1,\"event\":1}}",
	};
	struct stage s;
	struct child *c = stage_child(&s);
	size_t n = sizeof(lines) / sizeof(lines[0]), i;

	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_say(s.p, "[5,\"q\"]");
	for (i = 0; i < n; i++)
		fake_child_say(c, "%s", lines[i]);
	fake_child_say_slice(c, slice_of("{\"id\":1\0}", 9));
	tap_str(fake_hear(s.p), "", "lines without sense do nothing");
	for (i = n + 1; i < 99; i++)
		fake_child_say(c, "garbage");
	fake_child_say(c, "{\"id\":2,\"result\":1}");
	fake_child_say(c, "{\"id\":2,\"result\":2}");
	tap_str(fake_hear(s.p), "[3,\"i\",1]\n",
	    "the first answer counts, the second is one more of them");
	for (i = 0; i < 98; i++)
		fake_child_say(c, "garbage");
	fake_turn(s.broker);
	tap_ok(c->running, "99 in a row are borne");
	fake_child_say(c, "garbage");
	fake_say(s.p, "[2,\"j\",\"e/1\"]");
	fake_child_say(c, "{\"id\":3,\"result\":1}");
	fake_turn(s.broker);
	tap_ok(c->stopped, "a hundred are not");
	tap_ok(has(fake_hear(s.p), "[4,\"j\",\"http://api.wamp.ws/"
	    "error#generic\",\"the handler's program has ended\"]"),
	    "and what it was asked is refused");
	stage_close(&s);
}

static void
test_complaints(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	int i;

	for (i = 0; i < 9999; i++)
		fake_child_complain(c, SLICE("oh\x1b[31m no"));
	fake_turn(s.broker);
	tap_ok(c->running, "it may complain a lot");
	tap_int(stage_wait(&s, 1000), -1, "which is forgotten");
	for (i = 0; i < 10000; i++)
		fake_child_complain(c, SLICE(""));
	fake_turn(s.broker);
	tap_ok(c->stopped, "but not without end");
	stage_close(&s);
}

/* Something of use, so that it is worth starting again. */
static void
make_sense(struct child *c)
{
	fake_child_say(c, "{\"publish\":{\"topic\":\"q\",\"event\":1}}");
}

static void
test_dies(void)
{
	static const int64_t delays[] = { 100, 200, 400, 500, 500 };
	struct stage s;
	struct child *c = stage_child(&s);
	size_t i;

	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_say(s.p, "[5,\"e/1\"]");
	fake_child_end(c);
	tap_str(fake_hear(s.p), "[4,\"i\",\"http://api.wamp.ws/error#generic\","
	    "\"the handler's program has ended\"]\n"
	    "[4,\"e/1\",\"wampd.error.not_permitted\","
	    "\"the handler's program has ended\"]\n",
	    "what it was asked is refused");
	for (i = 0; i < 5; i++) {
		tap_int(fake_turn(s.broker), delays[i], "started in %d ms",
		    (int)delays[i]);
		(void)stage_wait(&s, delays[i] - 1);
		tap_int(s.kids.n, i + 1, "not before");
		(void)stage_wait(&s, 1);
		if (tap_int(s.kids.n, i + 2, "but then")) {
			make_sense(s.kids.child[i + 1]);
			fake_child_end(s.kids.child[i + 1]);
		}
	}
	stage_wait(&s, 500);
	make_sense(s.kids.child[6]);
	stage_wait(&s, 10000);
	fake_child_end(s.kids.child[6]);
	tap_int(fake_turn(s.broker), 100, "one that lived 10 s was well");
	stage_close(&s);
}

static void
test_waits_for_start(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_child_end(c);
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	tap_str(fake_hear(s.p), "", "a call while it is down waits");
	stage_wait(&s, 100);
	tap_ok(has(fake_child_hear(s.kids.child[1]), "\"id\":2"),
	    "for the next one");
	fake_child_say(s.kids.child[1], "{\"id\":2,\"result\":1}");
	tap_str(fake_hear(s.p), "[3,\"i\",1]\n", "which answers");
	fake_child_end(s.kids.child[1]);
	s.kids.broken = true;
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	stage_wait(&s, 200);
	tap_int(s.kids.failures, 1, "it cannot be started");
	tap_ok(has(fake_hear(s.p), "[4,\"i\","), "then the call is refused");
	tap_int(fake_turn(s.broker), -1, "and that is not repeated");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	stage_wait(&s, 399);
	tap_int(s.kids.failures, 1, "nor at once when somebody asks");
	s.kids.broken = false;
	stage_wait(&s, 1);
	tap_int(s.kids.n, 3, "but in time");
	stage_close(&s);
}

static void
test_useless(void)
{
	struct stage s;

	stage_open(&s, "");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_turn(s.broker);
	fake_child_say(s.kids.child[0], "usage: e FILE");
	fake_child_end(s.kids.child[0]);
	tap_ok(has(fake_hear(s.p), "[4,\"i\","), "it has answered nothing");
	tap_int(stage_wait(&s, 1000000), -1, "so it is not started again");
	tap_int(s.kids.n, 1, "however long nobody asks");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_turn(s.broker);
	tap_int(s.kids.n, 2, "but as soon as somebody does");
	fake_child_end(s.kids.child[1]);
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	tap_int(fake_turn(s.broker), 200, "or when its delay is over");
	stage_wait(&s, 200);
	make_sense(s.kids.child[2]);
	fake_child_end(s.kids.child[2]);
	stage_wait(&s, 400);
	tap_int(s.kids.n, 4, "one that publishes is started for that");
	stage_close(&s);
}

static void
test_slow(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	stage_wait(&s, 500);
	fake_say(s.p, "[2,\"j\",\"e/1\"]");
	tap_int(fake_turn(s.broker), 500, "the first is due first");
	fake_child_say(c, "{\"id\":3,\"result\":1}");
	(void)fake_hear(s.p);
	stage_wait(&s, 499);
	tap_str(fake_hear(s.p), "", "not too late yet");
	stage_wait(&s, 1);
	tap_ok(has(fake_hear(s.p), "[4,\"i\",\"http://api.wamp.ws/"
	    "error#generic\",\"the handler took too long\"]"), "too late");
	tap_ok(c->running, "it has answered another: it is only slow");
	fake_child_say(c, "{\"id\":2,\"result\":1}");
	tap_str(fake_hear(s.p), "", "its late answer is nothing");
	fake_say(s.p, "[2,\"k\",\"e/1\"]");
	fake_say(s.p, "[2,\"l\",\"e/1\"]");
	stage_wait(&s, 1000);
	tap_ok(c->stopped, "one that answers nothing is stuck");
	tap_int(fake_turn(s.broker), 100, "and is replaced");
	stage_close(&s);
}

/* Who asks for more than the child answers waits, and loses nothing. */
static void
test_hold(void)
{
	struct stage s;
	struct child *c;
	int i;

	stage_open(&s, ", queue: 32");
	for (i = 1; fake_say(s.p, "[7,\"e/1\",%d]", i); i++)
		tap_ok(i < 32, "event %d is taken", i);
	tap_int(i, 4, "with an eighth of what is free, the peer is held");
	tap_ok(s.p->paused, "it is not read from");
	fake_say(s.ws, "[7,\"e/1\",5]");
	tap_ok(!s.ws->paused, "who has less is");
	fake_turn(s.broker);
	c = s.kids.child[0];
	fake_child_say(c, "{\"id\":1,\"allow\":true}");
	tap_ok(s.p->paused, "it waits with three");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	tap_ok(!s.p->paused, "with half of its requests it goes on");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	for (i = 0; !s.p->paused; i++)
		fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_end(c);
	tap_ok(!s.p->paused, "nobody waits for a child that has ended");
	stage_close(&s);
}

static void
test_busy(void)
{
	struct stage s;
	struct child *c;

	stage_open(&s, ", queue: 2");
	fake_say(s.p, "[2,\"a\",\"e/1\"]");
	fake_say(s.p, "[5,\"e/1\"]");
	fake_say(s.p, "[2,\"b\",\"e/1\"]");
	tap_str(fake_hear(s.p), "[4,\"b\",\"http://api.wamp.ws/error#generic\","
	    "\"the handler is busy\"]\n", "the queue is full");
	c = s.kids.child[0];
	fake_child_say(c, "{\"id\":1,\"result\":1}");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	(void)fake_hear(s.p);
	c->waiting = 8 << 20;
	fake_say(s.p, "[7,\"e/1\",1]");
	tap_ok(has(fake_hear(s.p), "the handler is busy"),
	    "it does not read what it is asked");
	fake_say(s.p, "[6,\"e/1\"]");
	fake_turn(s.broker);
	tap_ok(c->running, "that is not its end");
	c->waiting = (16 << 20) + 1;
	fake_open(s.broker, WIRE_LINE);
	fake_turn(s.broker);
	tap_ok(c->stopped, "this is");
	stage_close(&s);
}

static void
test_peer_leaves(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	struct fake_peer *q = fake_open(s.broker, WIRE_LINE);

	fake_say(s.p, "[5,\"q\"]");
	fake_say(q, "[2,\"i\",\"e/1\"]");
	fake_say(q, "[5,\"e/1\"]");
	fake_say(q, "[7,\"e/1\",1]");
	fake_leave(q);
	fake_turn(s.broker);
	fake_child_say(c, "{\"id\":2,\"result\":1}");
	fake_child_say(c, "{\"id\":3,\"allow\":true}");
	fake_child_say(c, "{\"id\":4,\"events\":[{\"topic\":\"q\","
	    "\"event\":\"last words\"}]}");
	tap_str(fake_hear(s.p), "[8,\"q\",\"last words\"]\n",
	    "an event outlives its publisher, the rest is nothing");
	tap_ok(c->running, "the child has done no wrong");
	stage_close(&s);
}

/* Publications of its own stop its being read, and nobody else. */
static void
test_slow_receiver(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	int i;

	fake_say(s.ws, "[5,\"q\"]");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_drain(s.ws, 0);
	for (i = 0; i < 100 && !c->paused; i++) {
		fake_child_say(c, "{\"publish\":{\"topic\":\"q\","
		    "\"event\":\"%0500d\"}}", i);
		fake_turn(s.broker);
	}
	tap_ok(c->paused, "a receiver is behind");
	tap_ok(!s.ws->closed, "which is no reason to drop it");
	stage_wait(&s, 900);
	fake_drain(s.ws, SIZE_MAX);
	fake_turn(s.broker);
	stage_wait(&s, 200);
	tap_ok(!c->paused, "it has caught up");
	tap_ok(c->running, "no answer came because none could");
	fake_child_say(c, "{\"id\":2,\"result\":1}");
	tap_str(fake_hear(s.p), "[3,\"i\",1]\n", "now it does");
	stage_close(&s);
}

int
main(void)
{
	test_misfits();
	test_garbage();
	test_complaints();
	test_dies();
	test_waits_for_start();
	test_useless();
	test_slow();
	test_hold();
	test_busy();
	test_peer_leaves();
	test_slow_receiver();
	return tap_done();
}
