/*
 * t_wampd_warn.c: maintenance that is announced before it begins, with a clock
 * of our own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "maint_peer.h"
#include "tap.h"

#define MINUTE	INT64_C(60000)

static char folder[] = "/tmp/t_wampd_warn.XXXXXX";

/* A broker that keeps its state, whose routes retain; and who listens. */
static struct fake_peer *
begin_kept(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "m: { channel: " TOPIC ", handler: m }\n",
	    "m: { type: broadcast, retain: true }\n");
	struct broker *b;

	set.state_dir = folder;
	b = fake_broker_of(&set, &parts);
	time_by(b);
	return listen_to(b);
}

static void
end_kept(struct fake_peer *p)
{
	char path[sizeof(folder) + 32];

	end(p);
	(void)snprintf(path, sizeof(path), "%s/maintenance.json", folder);
	(void)unlink(path);
}

/* The broker ends, and another, which is at time 0, starts so much later. */
static struct fake_peer *
restart(struct fake_peer *p, int64_t ms)
{
	struct broker *b = p->session->broker;

	time_forward(b->now + ms);
	fake_end(b);
	return begin_kept();
}

#define PLAN	"true,7,{\"message\":\"brb\",\"at\":\"2025-11-30T12:00Z\"," \
	"\"until\":\"2025-11-30T13:00Z\",\"warn\":["
#define AHEAD	"[8,\"" TOPIC "\",{\"isOn\":false,\"userId\":7," \
	"\"message\":\"brb\",\"at\":\"2025-11-30T12:00:00.000Z\"," \
	"\"until\":\"2025-11-30T13:00:00.000Z\"}]\n"
#define ON	"[8,\"" TOPIC "\",{\"isOn\":true,\"userId\":7," \
	"\"message\":\"brb\",\"until\":\"2025-11-30T13:00:00.000Z\"}]\n"

static void
test_announced(void)
{
	struct fake_peer *p = begin_kept(), *late;

	tap_str(set(p, PLAN "\"2025-11-30T11:45Z\",\"2025-11-30T11:30Z\","
	    "\"2025-11-30T11:45Z\"]}"), "[3,\"i\",{\"changed\":true,"
	    "\"isOn\":false,\"delivered\":0,\"wasOn\":false}]\n",
	    "planned: nobody is told");
	tap_ok(state_has(p, "\"warn\":[\"2025-11-30T11:30:00.000Z\","
	    "\"2025-11-30T11:45:00.000Z\"]}"), "the state has both, sorted");
	tap_str(after(p, 30 * MINUTE - 1), "", "a moment before: nothing");
	tap_str(after(p, 1), AHEAD, "it is announced");
	tap_ok(state_has(p, "{\"isOn\":false,\"userId\":null,\"since\":null,"
	    "\"message\":null,\"until\":null,\"planned\":{\"at\":"),
	    "which changes no state and drops no plan");
	late = listen_to(p->session->broker);
	tap_str(fake_hear(late), "", "late ones do not get it");
	tap_str(after(p, 15 * MINUTE), AHEAD, "it is announced again");
	tap_ok(state_has(p, "}},\"topic\""), "that was the last time");
	tap_str(after(p, 15 * MINUTE), ON, "it begins");
	end_kept(p);
}

static void
test_cancelled(void)
{
	struct fake_peer *p = begin_kept();

	(void)set(p, PLAN "\"2025-11-30T11:30Z\"]}");
	(void)set(p, "false");
	tap_str(after(p, 100 * MINUTE), "", "off cancels it");
	end_kept(p);
	p = begin_kept();
	(void)set(p, PLAN "\"2025-11-30T11:30Z\"]}");
	(void)set(p, "true,null,{\"at\":\"2025-11-30T12:30Z\"}");
	tap_str(after(p, 60 * MINUTE), "", "so does a new plan");
	end_kept(p);
	p = begin_kept();
	(void)set(p, PLAN "\"2025-11-30T11:30Z\"]}");
	(void)set(p, "true");
	tap_str(after(p, 100 * MINUTE), "", "and on");
	end_kept(p);
}

static void
test_late(void)
{
	struct fake_peer *p = begin_kept();

	tap_str(set(p, PLAN "\"2025-11-30T10:59Z\",\"2025-11-30T11:30Z\","
	    "\"2025-11-30T11:00Z\"]}"), AHEAD "[3,\"i\",{\"changed\":true,"
	    "\"isOn\":false,\"delivered\":1,\"wasOn\":false,"
	    "\"announced\":true}]\n", "too late: announced at once, once");
	tap_str(after(p, 30 * MINUTE), AHEAD, "the other in time");
	end_kept(p);
}

static void
test_restart(void)
{
	struct fake_peer *p = begin_kept();

	(void)set(p, PLAN "\"2025-11-30T11:30Z\",\"2025-11-30T11:45Z\"]}");
	p = restart(p, 10 * MINUTE);
	tap_ok(state_has(p, "\"warn\":[\"2025-11-30T11:30:00.000Z\",\""),
	    "they are kept over a restart");
	tap_str(after(p, 20 * MINUTE), AHEAD, "and told");
	p = restart(p, 0);
	tap_str(after(p, 1), "", "what was told is not told again");
	end_kept(p);
	p = begin_kept();
	(void)set(p, PLAN "\"2025-11-30T11:30Z\",\"2025-11-30T11:45Z\"]}");
	p = restart(p, 50 * MINUTE);
	tap_str(after(p, MINUTE - 1), "", "missed: users come back first");
	tap_str(after(p, MINUTE), AHEAD, "then they are told once");
	end_kept(p);
	p = begin_kept();
	(void)set(p, PLAN "\"2025-11-30T11:30Z\"]}");
	p = restart(p, 60 * MINUTE);
	tap_str(after(p, 1), ON, "but not when it begins");
	end_kept(p);
}

/* Other peers may announce it, too. */
static void
test_published(void)
{
	struct fake_peer *p = begin_kept(), *late;

	(void)set(p, PLAN "]}");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":false,"
	    "\"at\":\"2025-11-30T12:00Z\"}]");
	(void)fake_hear(p);
	tap_ok(state_has(p, "\"since\":null"), "it is no change");
	tap_ok(state_has(p, "\"planned\":{"), "and cancels nothing");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":false,\"at\":\"noon\"},"
	    "true]");
	tap_ok(state_has(p, "\"planned\":null"), "one without a time does");
	(void)set(p, "true");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":false,"
	    "\"at\":\"2025-11-30T12:00Z\"},true]");
	tap_ok(state_has(p, "{\"isOn\":false"),
	    "while it is on it ends it, as in pages");
	late = listen_to(p->session->broker);
	tap_ok(heard(fake_hear(late), "\"isOn\":false"), "for later ones too");
	end_kept(p);
}

static void
test_refused(void)
{
	static const char *const bad[] = {
		"true,null,{\"warn\":[\"2025-11-30T11:30Z\"]}",
		"false,null,{\"warn\":[\"2025-11-30T11:30Z\"]}",
		PLAN "\"2025-11-30T12:00Z\"]}", PLAN "1]}", PLAN "\"15m\"]}",
		("true,null,{\"at\":\"2025-11-30T12:00Z\","
		    "\"warn\":\"2025-11-30T11:30Z\"}"),
		PLAN "\"2025-11-30T11:01Z\",\"2025-11-30T11:02Z\","
		    "\"2025-11-30T11:03Z\",\"2025-11-30T11:04Z\","
		    "\"2025-11-30T11:05Z\",\"2025-11-30T11:06Z\","
		    "\"2025-11-30T11:07Z\",\"2025-11-30T11:08Z\","
		    "\"2025-11-30T11:09Z\"]}",
	};
	struct fake_peer *p = begin_kept();
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_ok(heard(set(p, bad[i]), "[4,\"i\","
		    "\"wampd.error.invalid_argument\","), "%s", bad[i]);
	tap_ok(state_has(p, "\"planned\":null"), "that planned nothing");
	end_kept(p);
}

/* What cannot be announced now is not planned. */
static void
test_handler_refuses(void)
{
	struct broker_settings settings = fake_settings();
	struct broker_parts parts = fake_parts(
	    "m: { channel: " TOPIC ", handler: m }\n",
	    "m: { type: broadcast, publish: nobody }\n");
	struct broker *b = fake_broker_of(&settings, &parts);
	struct fake_peer *p = listen_to(b);

	time_by(b);
	tap_ok(heard(set(p, PLAN "\"2025-11-30T10:59Z\"]}"), "[4,\"i\","
	    "\"wampd.error.not_permitted\""), "who may not publish is told");
	tap_ok(state_has(p, "\"planned\":null"), "and nothing is planned");
	fake_end(b);
}

static void
test_bad_file(void)
{
#define KEPT	"[\"\",null,\"2025-11-30T12:00Z\",{\"isOn\":true},"
	static const char *const bad[] = {
		KEPT "1]", KEPT "[1]]", KEPT "[\"noon\"]]",
		KEPT "[\"2025-11-30T12:00Z\"]]",
		KEPT "[\"2025-11-30T11:00Z\"],1]",
	};
	char path[sizeof(folder) + 32], aside[sizeof(path) + 4];
	struct fake_peer *p;
	size_t i;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/maintenance.json", folder);
	(void)snprintf(aside, sizeof(aside), "%s.bad", path);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if ((f = fopen(path, "we")) == NULL ||
		    fputs(bad[i], f) == EOF || fclose(f) == EOF)
			abort();
		p = begin_kept();
		tap_ok(state_has(p, "\"planned\":null") &&
		    unlink(aside) == 0, "set aside: %s", bad[i]);
		end_kept(p);
	}
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		abort();
	test_announced();
	test_cancelled();
	test_late();
	test_restart();
	test_published();
	test_refused();
	test_handler_refuses();
	test_bad_file();
	tap_int(rmdir(folder), 0, "nothing is left behind");
	return tap_done();
}
