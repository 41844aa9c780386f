/*
 * t_wampd_exec.c: handlers that are programs: what they hear, and what their
 * answers do.
 */
#include <string.h>

#include "exec_stage.h"
#include "tap.h"
#include "wampd/core/ledger.h"

/* ---- what it hears ---- */

static void
test_hears(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	struct fake_peer *q = fake_open(s.broker, WIRE_LINE);
	char id[SESSION_ID_SIZE];

	memcpy(id, q->id, sizeof(id));
	tap_ok(has(fake_child_hear(c), "{\"type\":\"open\",\"session\":"
	    "{\"id\":\""), "open");
	fake_say(q, "[5,\"e/\\u00e9\"]");
	fake_turn(s.broker);
	tap_ok(has(fake_child_hear(c), "\"user\":\"local:test\""),
	    "subscribe: by whom");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	fake_say(q, "[7,\"e/1\",[1,\n\r\"\\n\"]]");
	tap_ok(has(fake_child_hear(c), ",\"topic\":\"e/1\",\"route\":\"e\","
	    "\"attributes\":{\"x\":\"1\"},\"event\":[1, \r\"\\n\"]}\n"),
	    "publish: one line, whatever the event has in it");
	fake_say(q, "[2,\"i\",\"e/2\",1,{}]");
	tap_ok(has(fake_child_hear(c), "\"args\":[1,{}]}\n"), "call");
	fake_say(q, "[6,\"e/\\u00e9\"]");
	tap_ok(has(fake_child_hear(c), "\"attributes\":{\"x\":\"\xc3\xa9\"},"
	    "\"subscribers\":0}\n"), "unsubscribe: how many are left");
	fake_leave(q);
	fake_turn(s.broker);
	tap_ok(has(fake_child_hear(c), id), "close");
	stage_close(&s);
}

static void
test_on_demand(void)
{
	struct stage s;

	stage_open(&s, "");
	fake_turn(s.broker);
	tap_int(s.kids.n, 0, "no child before anybody asks");
	fake_say(s.p, "[2,\"a\",\"e/1\"]");
	fake_say(s.p, "[2,\"b\",\"e/1\"]");
	fake_turn(s.broker);
	tap_int(s.kids.n, 1, "one then");
	tap_ok(has(fake_child_hear(s.kids.child[0]), "\"id\":1"),
	    "it hears what it was started for");
	fake_child_say(s.kids.child[0], "{\"id\":2,\"result\":[2]}");
	fake_child_say(s.kids.child[0], "{\"id\":1,\"result\":{\"a\":1}}");
	tap_str(fake_hear(s.p), "[3,\"b\",[2]]\n[3,\"a\",{\"a\":1}]\n",
	    "and answers in any order");
	tap_int(stage_wait(&s, 1000000), -1, "then nothing is due");
	stage_close(&s);
}

static void
test_tick(void)
{
	static const char tick[] = "{\"type\":\"tick\"}\n";
	struct stage s;
	struct child *c;

	stage_open(&s, ", tick: 10s");
	tap_int(fake_turn(s.broker), 10000, "a tick is due in its time");
	if (!tap_int(s.kids.n, 1, "to a child that nobody has asked for"))
		return;
	c = s.kids.child[0];
	(void)fake_child_hear(c);
	(void)stage_wait(&s, 9999);
	tap_str(fake_child_hear(c), "", "not before");
	(void)stage_wait(&s, 1);
	tap_str(fake_child_hear(c), tick, "but then");
	(void)stage_wait(&s, 12000);
	tap_str(fake_child_hear(c), tick, "late");
	(void)stage_wait(&s, 8000);
	tap_str(fake_child_hear(c), tick, "and then in time again");
	tap_int(stage_wait(&s, 1000000), 10000, "those it missed are gone");
	tap_str(fake_child_hear(c), tick, "but for one");
	fake_child_end(c);
	tap_int(fake_turn(s.broker), 100, "it is started again unasked");
	(void)stage_wait(&s, 100);
	fake_child_end(s.kids.child[1]);
	s.kids.broken = true;
	(void)stage_wait(&s, 200);
	tap_int(s.kids.failures, 1, "also when it was of no use,");
	(void)stage_wait(&s, 400);
	tap_int(s.kids.failures, 2, "or could not be started");
	stage_close(&s);
}

/* ---- answers ---- */

static void
test_subscribe(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.p, "[5,\"e/1\"]");
	fake_say(s.p, "[5,\"e/1\"]");
	fake_say(s.p, "[5,\"e/2\"]");
	fake_say(s.p, "[5,\"e/3\"]");
	tap_int(s.p->session->nsubs, 0, "nothing before it is decided");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	fake_child_say(c, "{\"id\":3,\"allow\":false,\"reason\":\"full\"}");
	fake_child_say(c, "{\"id\":4,\"error\":{\"message\":\"no\"}}");
	tap_int(s.p->session->nsubs, 1, "allow");
	tap_str(fake_hear(s.p),
	    "[4,\"e/2\",\"wampd.error.not_permitted\",\"full\"]\n"
	    "[4,\"e/3\",\"wampd.error.not_permitted\",\"no\"]\n",
	    "the reasons of those that are refused");
	(void)fake_child_hear(c);
	fake_say(s.p, "[5,\"e/4\"]");
	fake_say(s.p, "[6,\"e/4\"]");
	fake_child_say(c, "{\"id\":5,\"allow\":true}");
	tap_int(s.p->session->nsubs, 1, "unsubscribed before it is granted");
	tap_ok(has(fake_child_hear(c), "{\"type\":\"unsubscribe\""),
	    "which the child is told");
	stage_close(&s);
}

static void
test_publish(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.ws, "[5,\"e/1\"]");
	fake_say(s.ws, "[5,\"q\"]");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	fake_say(s.p, "[7,\"e/1\",{ \"n\": 1.0e0 }]");
	fake_say(s.p, "[7,\"e/1\",2]");
	fake_say(s.p, "[7,\"e/1\",3]");
	fake_say(s.p, "[7,\"e/1\",4]");
	fake_say(s.p, "[7,\"e/1\",5]");
	fake_say(s.p, "[2,\"i\",\"wampd.barrier\"]");
	tap_str(fake_hear(s.p), "", "the barrier waits");
	fake_child_say(c, "{\"id\":3,\"allow\":true}");
	tap_str(fake_hear(s.ws), "TEXT [8,\"e/1\",{ \"n\": 1.0e0 }]\n",
	    "allow: the event as it came");
	fake_child_say(c, "{\"id\":4,\"events\":[{\"event\":1},"
	    "{\"topic\":\"q\",\"event\":{\"a\" :2}}]}");
	tap_str(fake_hear(s.ws), "TEXT [8,\"e/1\",1]\n"
	    "TEXT [8,\"q\",{\"a\" :2}]\n", "events: those instead");
	fake_child_say(c, "{\"id\":5,\"events\":[]}");
	fake_child_say(c, "{\"id\":6,\"allow\":false}");
	fake_child_say(c, "{\"id\":7,\"events\":[{\"event\":1},{}]}");
	tap_str(fake_hear(s.ws), "", "none, or refused");
	tap_ok(has(fake_hear(s.p), "\"accepted\":3,\"refused\":2,"
	    "\"delivered\":3"), "all are accounted for");
	stage_close(&s);
}

static void
test_call(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":2,\"result\":null}");
	tap_str(fake_hear(s.p), "[3,\"i\",null]\n", "a result of nothing");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":3,\"error\":{\"uri\":\"u:\\u0065\","
	    "\"message\":\"m\",\"details\":[1]}}");
	tap_str(fake_hear(s.p), "[4,\"i\",\"u:e\",\"m\",[1]]\n",
	    "an error of its own");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":4,\"error\":{\"message\":\"m\","
	    "\"details\":null}}");
	tap_str(fake_hear(s.p), "[4,\"i\","
	    "\"http://api.wamp.ws/error#generic\",\"m\"]\n",
	    "with the URI of all, and no details");
	stage_close(&s);
}

static void
test_own(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.ws, "[5,\"q\"]");
	fake_child_say(c, "{\"publish\":{\"topic\":\"q\",\"event\":1}}");
	fake_child_say(c, "{\"publish\":{\"topic\":\"q\",\"event\":2,"
	    "\"exclude\":[\"%s\"]}}", s.ws->id);
	fake_child_say(c, "{\"publish\":{\"topic\":\"q\",\"event\":3,"
	    "\"eligible\":[\"%s\"]}}", s.ws->id);
	tap_str(fake_hear(s.ws), "TEXT [8,\"q\",1]\nTEXT [8,\"q\",3]\n",
	    "publications of its own, to whom it likes");
	fake_child_say(c, "{\"session\":\"%s\",\"attributes\":{\"a\":1}}",
	    s.ws->id);
	fake_child_say(c, "{\"session\":\"nobody\",\"attributes\":{}}");
	tap_slice(ledger_attributes(s.ws->session), "{ \"a\":1}",
	    "attributes of a session");
	fake_say(s.ws, "[2,\"i\",\"e/1\"]");
	tap_ok(has(fake_child_hear(c), "\"attributes\":{ \"a\":1}}"),
	    "which it sees from then on");
	stage_close(&s);
}

/* ---- several children ---- */

static void
test_pool(void)
{
	const char *heard;
	struct stage s;
	struct child *c;
	size_t i;

	stage_open(&s, ", pool: 4");
	for (i = 0; i < 8; i++) {
		fake_say(s.p, "[2,\"i\",\"e/1\"]");
		fake_turn(s.broker);
	}
	tap_int(s.kids.n, 4, "as many children as are needed");
	for (i = 0; i < s.kids.n; i++) {
		c = s.kids.child[i];
		fake_child_say(c, "{\"id\":%zu,\"result\":1}", i + 1);
		fake_child_say(c, "{\"id\":%zu,\"result\":1}", i + 5);
		(void)fake_child_hear(c);
	}
	tap_str(fake_hear(s.p), "[3,\"i\",1]\n[3,\"i\",1]\n[3,\"i\",1]\n"
	    "[3,\"i\",1]\n[3,\"i\",1]\n[3,\"i\",1]\n[3,\"i\",1]\n"
	    "[3,\"i\",1]\n", "each has had two calls");
	for (i = 0; i < 20; i++)
		fake_say(s.p, "[7,\"e/same\",%zu]", i);
	for (i = 0; i < s.kids.n; i++) {
		heard = fake_child_hear(s.kids.child[i]);
		if (heard[0] != '\0')
			tap_ok(has(heard, "\"event\":0}") &&
			    has(heard, "\"event\":19}"),
			    "a topic has one child");
	}
	stage_close(&s);
}

static void
test_pool_down(void)
{
	struct stage s;

	stage_open(&s, ", pool: 2");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_turn(s.broker);
	fake_child_end(s.kids.child[0]);
	(void)fake_child_hear(s.kids.child[1]);
	fake_say(s.p, "[2,\"j\",\"e/1\"]");
	tap_ok(has(fake_child_hear(s.kids.child[1]), "\"id\":3"),
	    "who is up is called, however busy");
	(void)stage_wait(&s, 100);
	tap_int(s.kids.n, 2, "the other one was of no use");
	fake_say(s.p, "[2,\"k\",\"e/1\"]");
	fake_turn(s.broker);
	if (tap_int(s.kids.n, 3, "but may try again after its delay"))
		tap_ok(has(fake_child_hear(s.kids.child[2]), "\"id\":4"),
		    "for it has nothing to do");
	stage_close(&s);
}

int
main(void)
{
	test_hears();
	test_on_demand();
	test_tick();
	test_subscribe();
	test_publish();
	test_call();
	test_own();
	test_pool();
	test_pool_down();
	return tap_done();
}
