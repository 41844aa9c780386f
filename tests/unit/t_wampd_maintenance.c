/*
 * t_wampd_maintenance.c: maintenance that begins and ends by itself, and the
 * lock file, with a clock of our own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/lock_file.h"
#include "route/diag.h"
#include "fake.h"
#include "tap.h"

#define EPOCH	INT64_C(1764500400000)	/* 2025-11-30T11:00:00Z: time 0 */
#define TOPIC	"oro/maintenance"

static const struct broker *timed;	/* the wall clock goes with its */
static int64_t set_forward;		/* ms that someone has set it */

static int64_t
wall(void)
{
	return EPOCH + set_forward + timed->now;
}

/* A broker, and a peer that listens. */
static struct fake_peer *
begin(const char *state_dir, const char *lock)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;

	set.state_dir = state_dir;
	set.maintenance_lock = lock;
	b = fake_broker(&set);
	b->wall = wall;
	timed = b;
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[5,\"" TOPIC "\"]");
	return p;
}

static void
end(struct fake_peer *p)
{
	fake_end(p->session->broker);
	set_forward = 0;
}

/* What the peer hears when that time has passed. */
static const char *
after(struct fake_peer *p, int64_t ms)
{
	fake_pass(p->session->broker, ms);
	return fake_hear(p);
}

/* Ask for it, and hear the answer and what is published before it. */
static const char *
set(struct fake_peer *p, const char *args)
{
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",%s]", args);
	return fake_hear(p);
}

static bool
heard(const char *got, const char *part)
{
	if (strstr(got, part) != NULL)
		return true;
	tap_diag("got: %s", got);
	return false;
}

static bool
state_has(struct fake_peer *p, const char *part)
{
	fake_say(p, "[2,\"g\",\"wampd.maintenance.get\"]");
	return heard(fake_hear(p), part);
}

#define ON_UNTIL	"[8,\"" TOPIC "\",{\"isOn\":true,\"userId\":7," \
	"\"message\":\"brb\",\"until\":\"2025-11-30T12:00:00.000Z\"}]\n"
#define OFF		"[8,\"" TOPIC "\",{\"isOn\":false,\"userId\":7}]\n"
#define OFF_NULL	"[8,\"" TOPIC "\",{\"isOn\":false,\"userId\":null}]\n"
#define HOUR		INT64_C(3600000)

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
	set_forward = 40 * 24 * HOUR;
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

	timed = b;
	b->wall = wall;
	(void)set(p, "true,7,{\"until\":\"2025-11-30T12:00Z\"}");
	fake_pass(b, 2 * HOUR);
	tap_ok(state_has(p, "{\"isOn\":true"), "it goes by the handler");
	tap_int(fake_turn(b), -1, "and does not try again");
	fake_end(b);
}

/* ---- over a restart ---- */

static char folder[] = "/tmp/t_wampd_maintenance.XXXXXX";

static const char *
in_folder(const char *name)
{
	static char path[sizeof(folder) + 32];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
test_restart(void)
{
	struct fake_peer *p = begin(folder, NULL);

	(void)set(p, "true,7,{\"message\":\"brb\","
	    "\"at\":\"2025-11-30T11:30Z\",\"until\":\"2025-11-30T12:00Z\"}");
	end(p);
	p = begin(folder, NULL);
	tap_ok(state_has(p, "\"planned\":{\"at\":\"2025-11-30T11:30:"),
	    "the plan is still there");
	tap_str(after(p, HOUR / 2), ON_UNTIL, "and is carried out");
	end(p);
	p = begin(folder, NULL);
	tap_str(fake_hear(p), ON_UNTIL, "it is on");
	tap_str(after(p, HOUR), OFF, "and ends");
	(void)set(p, "true,7,{\"until\":\"2025-11-30T12:30Z\"}");
	end(p);
	set_forward = 2 * HOUR;
	p = begin(folder, NULL);
	tap_ok(heard(after(p, 1), OFF), "over while it did not run: ends now");
	(void)set(p, "true,7,{\"at\":\"2025-11-30T13:30Z\","
	    "\"until\":\"2025-11-30T14:00Z\"}");
	end(p);
	set_forward = 9 * HOUR;
	p = begin(folder, NULL);
	tap_str(after(p, 1), OFF, "one that was missed as a whole is none");
	tap_ok(state_has(p, "\"planned\":null"), "any more");
	end(p);
	(void)unlink(in_folder("maintenance.json"));
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(in_folder(name), "we");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		abort();
}

/* What is no state is an error, and left alone. */
static void
test_bad_file(void)
{
	static const char *const bad[] = {
		"", "{}", "[]", "[\"\",{}]", "[1,null]", "[\"\",1]",
		"[\"\",null,\"2025-11-30T12:00Z\"]",
		"[\"\",null,\"12:00\",{\"isOn\":true}]",
		"[\"\",null,\"2025-11-30T12:00Z\",{}]",
		"[\"2025-11-30T12:00:00.000Z-and-more\",null]",
	};
	struct broker_settings settings = fake_settings();
	struct diags d = { 0 };
	const struct broker_parts none = { .diags = &d };
	struct errbuf e;
	size_t i;

	settings.state_dir = folder;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put("maintenance.json", bad[i]);
		tap_ok(broker_new(&settings, &none, &e) == NULL &&
		    heard(e.msg, "remove it"), "kept: %s", bad[i]);
	}
	/* As it was written before there were plans. */
	put("maintenance.json", "[\"2025-11-30T12:00:00.000Z\","
	    "{\"isOn\":true,\"userId\":7}]\n");
	end(begin(folder, NULL));
	(void)unlink(in_folder("maintenance.json"));
}

/* ---- the lock file ---- */

#define ON_NULL		"[8,\"" TOPIC "\",{\"isOn\":true,\"userId\":null}]\n"
#define SEEN		1000	/* ms until a change of the file counts */

static void
touch(const char *path)
{
	struct errbuf e;

	if (lock_file_set(path, true, &e) != 1)
		abort();
}

static void
test_lock_follows(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	(void)set(p, "true,7,{\"until\":\"2025-11-30T12:00Z\"}");
	tap_int(lock_file_exists(lock), 1, "on makes it");
	tap_str(after(p, HOUR - 1), "", "and nothing follows from that");
	tap_str(after(p, 1), OFF, "its end");
	tap_int(lock_file_exists(lock), 0, "removes it");
	tap_str(after(p, HOUR), "", "and nothing follows from that");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true},true]");
	(void)fake_hear(p);
	tap_int(lock_file_exists(lock), 1, "anyone's event makes it");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":false},true]");
	(void)fake_hear(p);
	tap_int(lock_file_exists(lock), 0, "and removes it");
	end(p);
}

static void
test_lock_leads(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	(void)after(p, SEEN);
	touch(lock);
	tap_str(after(p, SEEN), ON_NULL, "who makes it turns it on");
	tap_str(after(p, HOUR), "", "once");
	(void)unlink(lock);
	tap_str(after(p, SEEN), OFF_NULL, "who removes it turns it off");
	tap_str(after(p, HOUR), "", "once");
	touch(lock);
	tap_str(after(p, 600), "", "the first look waits");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true,\"userId\":7}]");
	tap_str(after(p, HOUR), "[8,\"" TOPIC "\",{\"isOn\":true,"
	    "\"userId\":7}]\n", "for Oro's own event, which is told alone");
	(void)unlink(lock);
	(void)after(p, 300);
	touch(lock);
	tap_str(after(p, HOUR), "", "what is gone for a moment is there");
	end(p);
	p = begin(NULL, lock);
	tap_str(after(p, 2 * SEEN), ON_NULL, "there at the start: it is on");
	end(p);
	(void)unlink(lock);
}

/* Both sides at once: the file, which Oro goes by, has the last word; and then
 * there is peace. */
static void
test_lock_races(const char *lock)
{
	struct fake_peer *p = begin(NULL, lock);

	(void)after(p, SEEN);
	touch(lock);
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	tap_ok(heard(after(p, HOUR), "\"changed\":true"), "both on");
	tap_int(lock_file_exists(lock), 1, "it is there");
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",false]");
	(void)fake_hear(p);
	touch(lock);
	tap_str(after(p, HOUR), ON_NULL, "off here, made there: on");
	(void)unlink(lock);
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	tap_ok(heard(fake_hear(p), "\"changed\":false"),
	    "removed there, on again here");
	tap_int(lock_file_exists(lock), 1, "who says on wants the file too");
	tap_str(after(p, HOUR), "", "peace");
	end(p);
	(void)unlink(lock);
}

static void
test_lock_cannot(void)
{
	struct fake_peer *p = begin(NULL, in_folder("none/lock"));

	tap_ok(heard(set(p, "true"), "[4,\"i\",\"wampd.error.internal\","
	    "\"cannot make or remove "), "nobody is told what Oro is not");
	fake_say(p, "[7,\"" TOPIC "\",{\"isOn\":true},true]");
	tap_ok(state_has(p, "\"isOn\":true"), "an event counts");
	tap_str(after(p, HOUR), "", "and no file is no order then");
	end(p);
}

int
main(void)
{
	char lock[sizeof(folder) + 32];

	test_until();
	test_plan();
	test_replaced();
	test_amended();
	test_amended_long();
	test_refused();
	test_odd_user();
	test_clock_set();
	test_handler_refuses();
	if (mkdtemp(folder) == NULL)
		abort();
	test_restart();
	test_bad_file();
	(void)snprintf(lock, sizeof(lock), "%s", in_folder("lock"));
	test_lock_follows(lock);
	test_lock_leads(lock);
	test_lock_races(lock);
	test_lock_cannot();
	tap_int(rmdir(folder), 0, "nothing is left behind");
	return tap_done();
}
