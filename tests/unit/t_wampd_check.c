/*
 * t_wampd_check.c: what wampd.check and wampd.handlers tell, and since when.
 */
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/admin/check.h"

static const char *
ask(struct broker *b, struct fake_peer *p, const char *procedure)
{
	(void)fake_hear(p);
	fake_say(p, "[2,\"i\",\"%s\"]", procedure);
	(void)fake_turn(b);
	return fake_hear(p);
}

static void
pass(struct broker *b, int64_t ms)
{
	broker_set_now(b, b->now + ms);
}

static void
test_since(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	const char *said;
	int i;

	b->started = b->now;
	b->stats.events_dropped = 5;
	pass(b, 30000);
	said = ask(b, p, "wampd.check");
	tap_ok(strstr(said, "\"since\":30.000,") != NULL,
	    "the first answer is since the start");
	tap_ok(strstr(said, "\"dropped\":5,") != NULL, "with its failures");

	b->stats.events_dropped = 7;
	pass(b, 20000);
	said = ask(b, p, "wampd.check");
	tap_ok(strstr(said, "\"since\":20.000,") != NULL,
	    "the next is since the oldest one");
	tap_ok(strstr(said, "\"dropped\":2,") != NULL, "with what came");
	pass(b, 10000);
	said = ask(b, p, "wampd.check");
	tap_ok(strstr(said, "\"since\":30.000,") != NULL,
	    "while that is not a minute ago");

	/* Some monitors ask each second: a minute is still known. */
	for (i = 0; i < 200; i++) {
		pass(b, 1000);
		(void)ask(b, p, "wampd.check");
	}
	b->stats.events_dropped = 8;
	pass(b, 1000);
	said = ask(b, p, "wampd.check");
	tap_ok(strstr(said, "\"since\":6") != NULL, "about a minute");
	tap_ok(strstr(said, "\"dropped\":1,") != NULL, "and what was in it");

	pass(b, 3600000);
	b->stats.events_dropped = 9;
	said = ask(b, p, "wampd.check");
	tap_ok(strstr(said, "\"since\":36") != NULL,
	    "after an hour, the whole hour");
	fake_end(b);
}

static void
test_now(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_WS);
	const char *said = ask(b, p, "wampd.check");

	tap_ok(strstr(said, "\"sessions\":2,") != NULL, "sessions");
	tap_ok(strstr(said, "\"draining\":false,") != NULL, "not draining");
	tap_ok(strstr(said, "\"memory\":0,") == NULL, "it has memory");
	tap_ok(strstr(ask(b, q, "wampd.check"), "not_permitted") != NULL,
	    "not for everybody");
	fake_end(b);
}

static void
test_handlers(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[7,\"t\",1]");
	fake_say(p, "[7,\"t\",2]");
	tap_ok(strstr(ask(b, p, "wampd.handlers"), "\"type\":\"broadcast\","
	    "\"events\":2,") != NULL, "a handler's events are counted");
	fake_end(b);
}

int
main(void)
{
	test_since();
	test_now();
	test_handlers();
	return tap_done();
}
