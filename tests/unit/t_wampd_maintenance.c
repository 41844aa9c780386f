/*
 * t_wampd_maintenance.c: maintenance that begins and ends by itself, with a
 * clock of our own.
 */
#include <stdio.h>
#include <string.h>

#include "maint_peer.h"
#include "tap.h"

static void
test_until(void)
{
	struct fake_peer *p = begin(NULL, NULL), *late;

	tap_str(set(p, "true,7,{\"message\":\"brb\","
	    "\"until\":\"2025-11-30T12:00Z\"}"), ON_UNTIL "[3,\"i\","
	    "{\"changed\":true,\"isOn\":true,\"delivered\":1,"
	    "\"wasOn\":false}]\n", "the event tells message and end");
	tap_ok(state_has(p, "\"message\":\"brb\","
	    "\"until\":\"2025-11-30T12:00:00.000Z\",\"planned\":null,"
	    "\"topic\":\"" TOPIC "\"}"),
	    "so does the state");
	tap_str(after(p, HOUR - 1), "", "a moment before the end: nothing");
	tap_str(after(p, 1), OFF, "then it ends by itself");
	tap_ok(state_has(p, "\"isOn\":false,\"userId\":7,\"since\":"
	    "\"2025-11-30T12:00:00.000Z\",\"message\":null"), "it is off");
	tap_str(after(p, 100 * HOUR), "", "once");
	tap_int(fake_turn(p->session->broker), -1, "nothing is due");
	late = fake_open(p->session->broker, WIRE_LINE);
	fake_say(late, "[5,\"" TOPIC "\"]");
	tap_str(fake_hear(late), OFF, "late ones learn it");
	end(p);
}

static void
test_plan(void)
{
	struct fake_peer *p = begin(NULL, NULL);

	tap_str(set(p, "true,7,{\"message\":\"brb\","
	    "\"at\":\"2025-11-30T12:30+01:00\","
	    "\"until\":\"2025-11-30T12:00Z\"}"), "[3,\"i\","
	    "{\"changed\":true,\"isOn\":false,\"delivered\":0,"
	    "\"wasOn\":false}]\n", "planned: nobody is told");
	tap_ok(state_has(p, "\"until\":null,\"planned\":{"
	    "\"at\":\"2025-11-30T11:30:00.000Z\",\"event\":{\"isOn\":true"),
	    "the state knows the plan");
	tap_str(after(p, HOUR / 2 - 1), "", "a moment before: nothing");
	tap_str(after(p, 1), ON_UNTIL, "it begins");
	tap_str(after(p, HOUR / 2), OFF, "and ends");
	end(p);
}

/* Any later on or off replaces what is planned. */
static void
test_replaced(void)
{
	struct fake_peer *p = begin(NULL, NULL);

	(void)set(p, "true,null,{\"at\":\"2025-11-30T12:00Z\"}");
	tap_ok(heard(set(p, "true,null,{\"at\":\"2025-11-30T13:00Z\"}"),
	    "\"changed\":true,\"isOn\":false"), "a plan replaces a plan");
	tap_str(after(p, HOUR), "", "the first is forgotten");
	tap_ok(heard(set(p, "false"), "{\"changed\":true,\"isOn\":false,"
	    "\"delivered\":0,\"wasOn\":false}"), "off cancels");
	tap_ok(heard(set(p, "false"), "{\"changed\":false,"),
	    "and again: nothing changes");
	tap_str(after(p, HOUR), "", "nothing begins");
	(void)set(p, "true,null,{\"at\":\"2025-11-30T15:00Z\"}");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true}]");
	(void)fake_hear(p);
	tap_ok(state_has(p, "\"planned\":null"), "so does anyone's event");
	(void)set(p, "true,null,{\"until\":\"2025-11-30T15:00Z\"}");
	tap_ok(heard(set(p, "true"), "{\"changed\":true,\"isOn\":true,"
	    "\"delivered\":0,\"wasOn\":true}"), "on takes the end away");
	tap_str(after(p, 10 * HOUR), "", "it does not end");
	end(p);
}

/* What is on stays on, and nobody is told twice, but late ones hear the new
 * words. */
static void
test_amended(void)
{
	struct fake_peer *p = begin(NULL, NULL), *late;

	(void)set(p, "true,7,{\"message\":\"a\"}");
	tap_str(set(p, "true,null,{\"until\":\"2025-11-30T12:00Z\"}"),
	    "[3,\"i\",{\"changed\":true,\"isOn\":true,\"delivered\":0,"
	    "\"wasOn\":true}]\n", "an end is given later");
	tap_ok(heard(set(p, "true,null,{\"message\":\"brb\","
	    "\"until\":\"2025-11-30T12:00Z\"}"), "\"changed\":true"),
	    "and a message");
	tap_ok(heard(set(p, "true,7,{\"message\":\"brb\","
	    "\"until\":\"2025-11-30T12:00Z\"}"), "\"changed\":false"),
	    "the same is no change");
	late = fake_open(p->session->broker, WIRE_LINE);
	fake_say(late, "[5,\"" TOPIC "\"]");
	tap_str(fake_hear(late), ON_UNTIL, "a late one hears it all");
	tap_str(after(p, HOUR), OFF, "it ends then");
	end(p);
}

/* Events may say more than fits beside what an order adds to it. */
static void
test_amended_long(void)
{
	struct fake_peer *p = begin(NULL, NULL);
	char m[4041];

	memset(m, 'm', sizeof(m) - 1);
	m[sizeof(m) - 1] = '\0';
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true,\"userId\":7,"
	    "\"message\":\"%s\"}]", m);
	(void)fake_hear(p);
	tap_ok(heard(set(p, "true,null,{\"until\":\"2025-11-30T12:00Z\"}"),
	    "{\"changed\":true,\"isOn\":true"), "a long message gives way");
	tap_ok(state_has(p, "\"userId\":7,"), "the user need not");
	tap_str(after(p, HOUR), OFF, "and it ends");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true,\"userId\":\"%s\"}]",
	    m);
	(void)fake_hear(p);
	(void)set(p, "true,null,{\"message\":\"brb\"}");
	tap_ok(state_has(p, "\"userId\":null,"), "so does a long user");
	end(p);
}

static void
test_refused(void)
{
	static const char *const bad[] = {
		"1", "true,\"7\"", "true,7,[]", "true,7,{},1",
		"true,null,{\"for\":\"1h\"}", "true,null,{\"message\":1}",
		"true,null,{\"at\":1}", "true,null,{\"at\":\"12:00\"}",
		"true,null,{\"until\":\"2025-11-30T12:00\"}",
		"true,null,{\"until\":\"2025-11-30T11:00:00Z\"}",
		"true,null,{\"at\":\"2025-11-30T10:59Z\"}",
		("true,null,{\"at\":\"2025-11-30T13:00Z\","
		    "\"until\":\"2025-11-30T12:59Z\"}"),
		"false,null,{\"until\":\"2025-11-30T13:00Z\"}",
		"false,null,{\"at\":\"2025-11-30T13:00Z\"}",
	};
	struct fake_peer *p = begin(NULL, NULL);
	char text[3000];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(heard(set(p, bad[i]), "[4,\"i\","
		    "\"wampd.error.invalid_argument\","), "%s", bad[i]);
	(void)snprintf(text, sizeof(text), "true,null,{\"message\":\"%2500s"
	    "\"}", "x");
	tap_ok(heard(set(p, text), "too long"), "a message too long to keep");
	tap_ok(state_has(p, "{\"isOn\":false,\"userId\":null,\"since\":null,"
	    "\"message\":null,\"until\":null,\"planned\":null,"),
	    "all that changed nothing");
	(void)set(p, "true");
	tap_ok(heard(set(p, "true,null,{\"at\":\"2025-11-30T13:00Z\"}"),
	    "maintenance is on"), "what is on cannot begin");
	end(p);
}

/* Who publishes the state may not write lines into the broker's own events. */
static void
test_odd_user(void)
{
	struct fake_peer *p = begin(NULL, NULL);

	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true,\"userId\":{\"a\":"
	    "\r1},\"until\":\"2025-11-30T12:00Z\"}]");
	tap_ok(state_has(p, "{\"isOn\":true,\"userId\":null,"), "no user");
	tap_str(after(p, HOUR), OFF_NULL, "the end repeats none of it");
	end(p);
}

/* The machine's clock is set: at most a minute passes until that is seen. */
static void
test_clock_set(void)
{
	struct fake_peer *p = begin(NULL, NULL);

	(void)set(p, "true,7,{\"until\":\"2025-12-30T12:00Z\"}");
	time_forward(40 * 24 * HOUR);
	tap_str(after(p, 60000), OFF, "set forward over the end: it ends");
	end(p);
}

/* A handler that refuses is asked once. */
static void
test_handler_refuses(void)
{
	struct broker_settings settings = fake_settings();
	struct broker_parts parts = fake_parts(
	    "m: { channel: " TOPIC ", handler: m }\n",
	    "m: { type: jq, publish: "
	    "'select(.event.isOn) | {event}' }\n");
	struct broker *b = fake_broker_of(&settings, &parts);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	time_by(b);
	(void)set(p, "true,7,{\"until\":\"2025-11-30T12:00Z\"}");
	fake_pass(b, 2 * HOUR);
	tap_ok(state_has(p, "{\"isOn\":true"), "it goes by the handler");
	tap_int(fake_turn(b), -1, "and does not try again");
	fake_end(b);
}

int
main(void)
{
	test_until();
	test_plan();
	test_replaced();
	test_amended();
	test_amended_long();
	test_refused();
	test_odd_user();
	test_clock_set();
	test_handler_refuses();
	return tap_done();
}
