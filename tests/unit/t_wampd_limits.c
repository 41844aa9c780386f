/*
 * t_wampd_limits.c: what handlers make keeps within limits.message and
 * limits.depth, as what peers send does.
 */
#include <string.h>

#include "proto/json.h"
#include "exec_stage.h"
#include "tap.h"

#define DEPTH	128	/* limits.depth of the stage */
#define MESSAGE	(1 << 20)	/* limits.message */

/* So many lists, one in the other; borrowed until the next call. */
static const char *
nested(size_t depth)
{
	static char text[2 * JSON_DEPTH_MAX + 1];

	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	text[2 * depth] = '\0';
	return text;
}

static void
test_depth(void)
{
	static const struct {
		const char *text;
		unsigned    depth;
	} values[] = {
		{ "1", 0 }, { "\"[[[\"", 0 }, { "\"\\\"[\\\\\"", 0 },
		{ "[]", 1 }, { "{\"a[\":[1,{}],\"b\":[]}", 3 },
		{ "[[],[[]],[]]", 3 },
	};
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		tap_int(json_depth(slice_str(values[i].text)),
		    values[i].depth, "the depth of %s", values[i].text);
	tap_int(json_depth(slice_str(nested(1000))), 1000, "1000 levels");
}

static void
test_exec_events(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.ws, "[5,\"e/1\"]");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	fake_say(s.p, "[7,\"e/1\",1]");
	fake_child_say(c, "{\"id\":3,\"events\":[{\"event\":%s}]}",
	    nested(DEPTH - 1));
	tap_ok(has(fake_hear(s.ws), "[8,\"e/1\",[[["),
	    "an event as deep as a message may be is one");
	fake_say(s.p, "[7,\"e/1\",1]");
	fake_child_say(c, "{\"id\":4,\"events\":[{\"event\":1},"
	    "{\"event\":%s}]}", nested(DEPTH));
	tap_str(fake_hear(s.p), "[4,\"e/1\",\"wampd.error.not_permitted\","
	    "\"the handler failed: an event is nested too deeply: its message "
	    "would have 129 levels, and limits.depth is 128\"]\n",
	    "one level more is refused");
	tap_str(fake_hear(s.ws), "", "with all that came with it");
	fake_say(s.p, "[7,\"e/1\",1]");
	fake_child_say(c, "{\"id\":5,\"events\":[{\"event\":\"%0*d\"}]}",
	    MESSAGE - (int)strlen("[8,\"e/1\",\"\"]") + 1, 0);
	tap_ok(has(fake_hear(s.p), "the handler failed: an event is too large:"
	    " its message would have 1048577 bytes, and limits.message is "
	    "1048576\"]\n"), "so is one byte more");
	fake_say(s.p, "[7,\"e/1\",1]");
	fake_child_say(c, "{\"id\":6,\"events\":[{\"event\":%s}]}",
	    nested(JSON_DEPTH_MAX));
	tap_ok(has(fake_hear(s.p), "the handler failed: an answer is nested "
	    "too deeply: more than 1024 levels"), "and 1000 levels more");
	fake_say(s.p, "[7,\"e/1\",1]");
	fake_child_say(c, "{\"id\": 7, \"events\": [{\"event\":%s}]}",
	    nested(JSON_DEPTH_MAX));
	tap_ok(has(fake_hear(s.p), "the handler failed: an answer"),
	    "with blanks, too");
	fake_child_say(c, "{\"id\":99,\"events\":%s}", nested(JSON_DEPTH_MAX));
	fake_child_say(c, "%s", nested(JSON_DEPTH_MAX));
	tap_ok(c->running, "the program lives on");
	stage_close(&s);
}

static void
test_exec_own(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	int i;

	fake_say(s.p, "[5,\"q\"]");
	for (i = 0; i < 200; i++)
		fake_child_say(c, "{\"publish\":{\"topic\":\"q\",\"event\":%s}"
		    "}", nested(DEPTH));
	tap_str(fake_hear(s.p), "", "a publication too deep goes nowhere");
	fake_child_say(c, "{\"publish\":{\"topic\":\"q\",\"event\":1}}");
	tap_str(fake_hear(s.p), "[8,\"q\",1]\n",
	    "and is not the end of its program");
	stage_close(&s);
}

static void
test_exec_calls(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":2,\"result\":%s}", nested(DEPTH - 1));
	tap_ok(has(fake_hear(s.p), "[3,\"i\",[[["), "a deep result");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":3,\"result\":%s}", nested(DEPTH));
	tap_ok(has(fake_hear(s.p), "the handler failed: a result is nested too "
	    "deeply"), "one too deep");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":4,\"error\":{\"message\":\"m\","
	    "\"details\":%s}}", nested(DEPTH - 1));
	tap_ok(has(fake_hear(s.p), ",\"m\",[[["), "deep details");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":5,\"error\":{\"message\":\"m\","
	    "\"details\":%s}}", nested(DEPTH));
	tap_ok(has(fake_hear(s.p), "the handler failed: an error is nested too "
	    "deeply"), "details too deep");
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	fake_child_say(c, "{\"id\":6,\"error\":{\"message\":\"%0*d\"}}",
	    MESSAGE, 0);
	tap_ok(has(fake_hear(s.p), "the handler failed: an error is too large"),
	    "a message too large");
	stage_close(&s);
}

static void
test_attributes(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_child_say(c, "{\"session\":\"%s\",\"attributes\":{\"a\":1}}",
	    s.p->session->id);
	fake_child_say(c, "{\"session\":\"%s\",\"attributes\":{\"a\":%s}}",
	    s.p->session->id, nested(DEPTH - 1));
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	tap_ok(has(fake_child_hear(c), "\"attributes\":{ \"a\":1}"),
	    "attributes too deep change nothing");
	fake_child_say(c, "{\"session\":\"%s\",\"attributes\":{\"a\":%s}}",
	    s.p->session->id, nested(DEPTH - 2));
	fake_say(s.p, "[2,\"i\",\"e/1\"]");
	tap_ok(has(fake_child_hear(c), "\"attributes\":{ \"a\":[[["),
	    "those just deep enough do");
	stage_close(&s);
}

static void
test_retained(void)
{
	struct stage s;
	struct child *c;

	stage_open(&s, ", retain: true");
	fake_say(s.p, "[7,\"e/1\",1]");
	(void)fake_turn(s.broker);
	c = s.kids.child[0];
	fake_child_say(c, "{\"id\":1,\"events\":[{\"event\":%s}]}",
	    nested(DEPTH));
	fake_child_say(c, "{\"publish\":{\"topic\":\"e/1\",\"event\":%s}}",
	    nested(DEPTH));
	fake_say(s.ws, "[5,\"e/1\"]");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	tap_str(fake_hear(s.ws), "", "what is too deep is not retained");
	stage_close(&s);
}

static void
test_jq(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts;
	struct fake_peer *p;
	struct broker *b;

	parts = fake_parts("a: { channel: a, handler: { callback: a } }\n",
	    "a: { type: jq, retain: true, timeout: 1m, publish: "
	    "'{ event: [.event] }', call: '[.args]' }\n");
	b = fake_broker_of(&set, &parts);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[7,\"a\",%s]", nested(DEPTH - 1));
	tap_ok(has(fake_hear(p), "the handler failed"),
	    "jq: an event too deep is refused");
	fake_say(p, "[5,\"a\"]");
	tap_str(fake_hear(p), "", "jq: and not retained");
	fake_say(p, "[2,\"i\",\"a\",%s,1]", nested(DEPTH - 1));
	tap_ok(has(fake_hear(p), "the handler failed"),
	    "jq: nor is a result too deep");
	fake_end(b);
}

static void
test_echo(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"i\",\"wampd.echo\",%s]", nested(DEPTH - 2));
	tap_ok(has(fake_hear(p), "[3,\"i\",[[["), "an echo that is deep");
	fake_say(p, "[2,\"i\",\"wampd.echo\",1,%s]", nested(DEPTH - 1));
	tap_ok(has(fake_hear(p), "wampd.error.invalid_argument"),
	    "none that is too deep");
	fake_end(b);
}

/* A prefix may make a message longer than it came. */
static void
test_prefix(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p;
	struct broker *b;

	set.limit_message = 1024;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[1,\"a\",\"http://%0900d\"]", 0);
	fake_say(p, "[7,\"a:b\",\"%0110d\"]", 0);
	tap_ok(has(fake_hear(p), "the event is too large: its message would "
	    "have 1028 bytes"), "an event with a long prefix");
	fake_say(p, "[7,\"b\",\"%01013d\"]", 0);
	tap_str(fake_hear(p), "", "without one it may fill a message");
	fake_end(b);
}

static void
test_own(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p;
	struct broker *b;

	set.limit_message = 1024;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true,null,"
	    "{\"message\":\"%0900d\"}]", 0);
	tap_ok(has(fake_hear(p), "the message is too long"),
	    "a notice that would not fit");
	fake_end(b);
}

int
main(void)
{
	test_depth();
	test_exec_events();
	test_exec_own();
	test_exec_calls();
	test_attributes();
	test_retained();
	test_jq();
	test_echo();
	test_prefix();
	test_own();
	return tap_done();
}
