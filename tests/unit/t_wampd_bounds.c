/*
 * t_wampd_bounds.c: what handlers keep for their peers is bounded, and what
 * they refuse has not half happened.
 */
#include <stdlib.h>

#include "exec_stage.h"
#include "tap.h"

/* A broker whose topic a is a jq program's; q is a broadcast topic. */
static struct broker *
jq_broker(const char *program)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts;
	struct buf handlers = { 0 };

	if (buf_addf(&handlers, "q: { type: broadcast }\n"
	    "a: { type: jq, publish: '%s' }\n", program) == -1)
		abort();
	parts = fake_parts("a: { channel: a, handler: { callback: a } }\n"
	    "q: { channel: q, handler: { callback: q } }\n",
	    buf_cstr(&handlers));
	buf_clear(&handlers);
	return fake_broker_of(&set, &parts);
}

static void
test_jq_half(void)
{
	struct broker *b = jq_broker("{ event, topic: \"q\" },"
	    " { event, topic: 5 }");
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[5,\"q\"]");
	fake_say(p, "[7,\"a\",1]");
	tap_str(fake_hear(p), "[4,\"a\",\"wampd.error.not_permitted\","
	    "\"the handler failed\"]\n",
	    "jq: one output that is wrong refuses them all");
	fake_end(b);
}

/* One message must not become any amount of memory. */
static void
test_jq_many(void)
{
	struct broker *b = jq_broker("range(500) as $i | { event }");
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[7,\"a\",\"%0100000d\"]", 0);
	tap_str(fake_hear(p), "[4,\"a\",\"wampd.error.not_permitted\","
	    "\"the handler failed\"]\n", "jq: 50 MB are refused");
	fake_say(p, "[7,\"a\",\"%01000d\"]", 0);
	tap_str(fake_hear(p), "", "jq: 500 KB are not");
	fake_end(b);
}

/* A child that has read all it was asked, and thinks. */
static void
test_exec_thinks(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	int i;

	for (i = 0; i < 100; i++)
		fake_say(s.p, "[7,\"e/1\",\"%0500000d\"]", 0);
	fake_say(s.p, "[2,\"i\",\"wampd.publish\",\"e/1\",\"%0500000d\"]", 0);
	tap_ok(has(fake_hear(s.p), "[4,\"i\",\"wampd.error.not_permitted\","
	    "\"the handler is busy\"]\n"), "exec: 50 MB are not kept");
	for (i = 2; i < 100; i++)
		fake_child_say(c, "{\"id\":%d,\"allow\":true}", i);
	(void)fake_hear(s.p);
	(void)fake_child_hear(c);
	fake_say(s.p, "[7,\"e/1\",\"%0500000d\"]", 0);
	tap_str(fake_hear(s.p), "", "exec: there is room again");
	tap_ok(has(fake_child_hear(c), "\"publish\""), "exec: it is asked");
	stage_close(&s);
}

static void
test_attributes(void)
{
	struct buf nulls = { 0 };
	struct stage s;
	struct child *c = stage_child(&s);
	int i;

	for (i = 0; i < 2000; i++)
		if (buf_addf(&nulls, ",\"%d\":null", i) == -1)
			abort();
	fake_child_say(c, "{\"session\":\"%s\",\"attributes\":{\"a\":1}}",
	    s.p->id);
	fake_child_say(c, "{\"session\":\"%s\",\"attributes\":{\"a\":2%s}}",
	    s.p->id, buf_cstr(&nulls));
	fake_say(s.p, "[7,\"e/1\",1]");
	tap_ok(has(fake_child_hear(c), "\"attributes\":{ \"a\":1}"),
	    "attributes in great number are not gone through");
	buf_clear(&nulls);
	stage_close(&s);
}

int
main(void)
{
	test_jq_half();
	test_jq_many();
	test_exec_thinks();
	test_attributes();
	return tap_done();
}
