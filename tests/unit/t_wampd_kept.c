/*
 * t_wampd_kept.c: the procedures that show and drop what topics keep.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"

#define NOON	INT64_C(1800000000000)	/* ms since 1970 */

static const struct broker *timed;	/* the wall clock goes with its */

static int64_t
wall(void)
{
	return NOON + timed->now;
}

static struct broker *
broker(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "h: { channel: 'h/{x}', handler: h }\n"
	    "r: { channel: 'r/{x}', handler: r }\n"
	    "n: { channel: 'n/{x}', handler: n }\n"
	    "m: { channel: oro/maintenance, handler: r }\n"
	    "j: { channel: 'j/{x}', handler: j }\n",
	    "h: { type: broadcast, publish: anyone, history: 9000 }\n"
	    "r: { type: broadcast, publish: anyone, retain: 1h }\n"
	    "n: { type: broadcast, subscribe: local, history: 3 }\n"
	    "j: { type: jq, subscribe: 'true', publish: anyone,\n"
	    "     history: 3 }\n");
	struct broker *b;

	set.limit_history = set.limit_retained = 64 << 20;
	b = fake_broker_of(&set, &parts);
	timed = b;
	b->wall = wall;
	return b;
}

/* Call, and let the broker make the answer, which may take several turns. */
static void
say_call(struct fake_peer *p, const char *call)
{
	fake_say(p, "[2,\"c\",%s]", call);
	while (fake_turn(p->session->broker) == 0)
		;
}

static void
answers(struct fake_peer *p, const char *call, const char *expected)
{
	say_call(p, call);
	tap_str(fake_hear(p), expected, "%s", call);
}

static void
answers_part(struct fake_peer *p, const char *call, const char *expected)
{
	const char *got;

	say_call(p, call);
	got = fake_hear(p);
	if (!tap_ok(has(got, expected), "%s", call))
		tap_diag("got: %s", got);
}

static void
test_history(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	int i;

	for (i = 1; i <= 3; i++)
		fake_say(p, "[7,\"h/t\",{\"n\":%d}]", i);
	answers(p, "\"wampd.history\",\"h/t\",{\"last\":2}", "[3,\"c\",["
	    "{\"number\":2,\"time\":\"2027-01-15T08:00:00.000Z\","
	    "\"topic\":\"h/t\",\"event\":{\"n\":2}},"
	    "{\"number\":3,\"time\":\"2027-01-15T08:00:00.000Z\","
	    "\"topic\":\"h/t\",\"event\":{\"n\":3}}]]\n");
	answers_part(p, "\"wampd.history\",\"h/t\",{\"limit\":1}",
	    "{\"n\":1}}]]");
	answers_part(p, "\"wampd.history\",\"h/t\",{\"after\":1,\"limit\":1}",
	    "[{\"number\":2,");
	answers(p, "\"wampd.history\",\"h/t\",{\"after\":3}", "[3,\"c\",[]]\n");
	answers(p, "\"wampd.history\",\"h/u\"", "[3,\"c\",[]]\n");
	fake_pass(b, 5000);
	answers(p, "\"wampd.history\",\"h/t\",{\"since\":4}", "[3,\"c\",[]]\n");
	answers_part(p, "\"wampd.history\",\"h/t\",{\"since\":6}", "{\"n\":1}");
	answers(p, "\"wampd.history\",\"h/t\",{\"since\":"
	    "\"2027-01-15T08:00:01Z\"}", "[3,\"c\",[]]\n");
	answers_part(p, "\"wampd.history\"", "arguments: topic[, options]");
	answers_part(p, "\"wampd.history\",\"h/t\",{\"x\":1}",
	    "the options are last, since, after and limit");
	answers_part(p, "\"wampd.history\",\"h/t\",{\"limit\":1001}",
	    "from 1 to 1000");
	answers_part(p, "\"wampd.history\",\"h/t\",{\"after\":-1}",
	    "the number of an event");
	answers_part(p, "\"wampd.topics\"", "\"history\":3,");
	fake_end(b);
}

/* An answer stays small, however large events are. */
static void
test_large(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	static char large[100001];
	const char *got;
	int i;

	memset(large, 'x', sizeof(large) - 1);
	for (i = 1; i <= 9; i++)
		fake_say(p, "[7,\"h/t\",\"%s\"]", large);
	fake_say(p, "[2,\"c\",\"wampd.history\",\"h/t\"]");
	got = fake_hear(p);
	tap_ok(strlen(got) < 400000 && has(got, "\"number\":3,") &&
	    !has(got, "\"number\":4,"), "a page has few large events");
	fake_end(b);
}

static void
test_rights(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *w = fake_open(b, WIRE_WS);

	fake_say(p, "[7,\"j/t\",1]");
	fake_settle(b);
	answers_part(w, "\"wampd.history\",\"n/t\"",
	    "anonymous may not subscribe here");
	answers_part(w, "\"wampd.history\",\"x\"", "no route matches");
	answers_part(w, "\"wampd.history\",\"h/t\"", "[3,\"c\",[]]");
	answers_part(w, "\"wampd.history\",\"j/t\"", "a program decides");
	fake_say(w, "[5,\"j/t\"]");
	fake_settle(b);
	answers_part(w, "\"wampd.history\",\"j/t\"", "\"event\":1}");
	answers_part(w, "\"wampd.retained\"", "only local peers");
	answers_part(w, "\"wampd.retained.clear\",\"t\"", "only local peers");
	answers_part(w, "\"wampd.history.clear\",\"t\"", "only local peers");
	fake_end(b);
}

static void
test_retained(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	answers(p, "\"wampd.retained\"", "[3,\"c\",[]]\n");
	fake_say(p, "[7,\"r/a\",\"abc\"]");
	fake_say(p, "[2,\"c\",\"wampd.publish\",\"h/b\",1,{\"retain\":true}]");
	(void)fake_hear(p);
	fake_pass(b, 1000);
	answers(p, "\"wampd.retained\"", "[3,\"c\",["
	    "{\"topic\":\"r/a\",\"bytes\":5,"
	    "\"time\":\"2027-01-15T08:00:00.000Z\",\"age\":1.000,"
	    "\"expires\":\"2027-01-15T09:00:00.000Z\"},"
	    "{\"topic\":\"h/b\",\"bytes\":1,"
	    "\"time\":\"2027-01-15T08:00:00.000Z\",\"age\":1.000,"
	    "\"expires\":null}]]\n");
	answers_part(p, "\"wampd.retained\",{\"sort\":\"expires\","
	    "\"order\":\"asc\",\"limit\":1}", "[3,\"c\",[{\"topic\":\"r/a\"");
	answers_part(p, "\"wampd.retained\",{\"match\":\"h/\"}",
	    "[3,\"c\",[{\"topic\":\"h/b\"");
	answers_part(p, "\"wampd.retained\",{\"sort\":\"size\"}",
	    "cannot be sorted by that");
	fake_pass(b, 3600000);
	answers_part(p, "\"wampd.retained\"", "[3,\"c\",[{\"topic\":\"h/b\"");
	fake_end(b);
}

static void
test_clear(void)
{
	struct broker *b = broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	int i;

	for (i = 0; i < 6000; i++)
		fake_say(p, "[7,\"h/t\",%d]", i);
	for (i = 0; i < 3000; i++)
		fake_say(p, "[7,\"r/%d\",%d]", i, i);
	fake_say(p, "[7,\"oro/maintenance\",{\"isOn\":true,"
	    "\"userId\":1}]");
	(void)fake_hear(p);
	answers(p, "\"wampd.history.clear\",\"h/t\"",
	    "[3,\"c\",{\"cleared\":6000}]\n");
	tap_int((int64_t)b->topics.history_events, 0, "all have gone");
	answers(p, "\"wampd.history.clear\",\"h/t\"",
	    "[3,\"c\",{\"cleared\":0}]\n");
	answers(p, "\"wampd.retained.clear\",\"r/7\"",
	    "[3,\"c\",{\"cleared\":1}]\n");
	answers(p, "\"wampd.retained.clear\",\"r/7\"",
	    "[3,\"c\",{\"cleared\":0}]\n");
	answers_part(p, "\"wampd.retained.clear\",\"oro/maintenance\"",
	    "that event is the maintenance state; use "
	    "wampd.maintenance.set");
	answers(p, "\"wampd.retained.clear\",\"r/\",{\"match\":\"prefix\"}",
	    "[3,\"c\",{\"cleared\":2999}]\n");
	answers(p, "\"wampd.retained.clear\",\"\",{\"match\":\"prefix\"}",
	    "[3,\"c\",{\"cleared\":0}]\n");
	tap_int((int64_t)b->topics.retained_events, 1,
	    "the maintenance state stays");
	answers_part(p, "\"wampd.history.clear\",\"h/t\",{}",
	    "arguments: topic, or prefix, ");
	answers_part(p, "\"wampd.history.clear\"",
	    "arguments: topic, or prefix, ");
	for (i = 0; i < 6000; i++)
		fake_say(p, "[7,\"h/t\",%d]", i);
	fake_say(p, "[2,\"c\",\"wampd.history.clear\",\"h/t\"]");
	fake_leave(p);
	fake_turn(b);
	tap_ok(TAILQ_EMPTY(&b->sessions.open),
	    "a caller that leaves ends its call");
	fake_end(b);
}

int
main(void)
{
	test_history();
	test_large();
	test_rights();
	test_retained();
	test_clear();
	return tap_done();
}
