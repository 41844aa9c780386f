/*
 * t_wampd_retain.c: events that their publisher wants to be retained,
 * whatever the handler says.
 */
#include <string.h>

#include "fake.h"
#include "tap.h"

/* What a new subscriber of the topic gets at once. */
static const char *
retained(struct broker *b, const char *topic)
{
	struct fake_peer *late = fake_open(b, WIRE_LINE);

	fake_say(late, "[5,\"%s\"]", topic);
	return fake_hear(late);
}

static void
test_session(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[7,\"t\",1]");
	tap_str(retained(b, "t"), "", "an event is not retained by itself");
	fake_say(p, "[2,\"r\",\"wampd.retain\",true]");
	tap_str(fake_hear(p), "[3,\"r\",null]\n", "a session asks for it");
	fake_say(p, "[7,\"t\",2]");
	fake_say(p, "[7,\"t\",3]");
	fake_say(p, "[7,\"u\",4]");
	tap_str(retained(b, "t"), "[8,\"t\",3]\n", "the last one is kept");
	tap_str(retained(b, "u"), "[8,\"u\",4]\n", "on each topic");
	fake_say(p, "[2,\"r\",\"wampd.retain\",false]");
	fake_say(p, "[7,\"t\",5]");
	tap_str(retained(b, "t"), "[8,\"t\",3]\n", "until it asks no more");
	fake_say(fake_open(b, WIRE_LINE), "[7,\"t\",6]");
	tap_str(retained(b, "t"), "[8,\"t\",3]\n", "others are not meant");
	fake_end(b);
}

static void
test_call(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"p\",\"wampd.publish\",\"t\",1,{\"retain\":true}]");
	fake_say(p, "[2,\"q\",\"wampd.publish\",\"t\",2,{\"retain\":false}]");
	tap_str(retained(b, "t"), "[8,\"t\",1]\n",
	    "wampd.publish retains one event");
	(void)fake_hear(p);
	fake_say(p, "[2,\"p\",\"wampd.publish\",\"t\",1,{\"retain\":\"1\"}]");
	tap_ok(strstr(fake_hear(p), "retain (boolean, or seconds)") != NULL,
	    "if it is told so clearly");
	fake_say(p, "[2,\"r\",\"wampd.retain\"]");
	tap_ok(strstr(fake_hear(p), "true, false, or a number") != NULL,
	    "as wampd.retain");
	fake_end(b);
}

static void
test_refused(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p, *browser;
	struct broker *b;

	set.limit_retained = 2000;
	b = fake_broker(&set);
	browser = fake_open(b, WIRE_WS);
	fake_say(browser, "[2,\"r\",\"wampd.retain\",true]");
	tap_ok(strstr(fake_hear(browser), "not_permitted") != NULL,
	    "who may not administer may not");
	fake_say(browser, "[2,\"p\",\"wampd.publish\",\"t\",1,"
	    "{\"retain\":true}]");
	tap_ok(strstr(fake_hear(browser), "not_permitted") != NULL,
	    "by no call");
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[2,\"r\",\"wampd.retain\",true]");
	(void)fake_hear(p);
	fake_say(p, "[7,\"t\",\"%03000d\"]", 0);
	tap_ok(strstr(fake_hear(p), "limits.retained") != NULL,
	    "the limit is kept to");
	fake_say(p, "[7,\"%s\",{\"isOn\":true}]", set.maintenance_topic);
	tap_ok(strstr(fake_hear(p), "this topic retains the maintenance state, "
	    "which only wampd.maintenance.set changes") != NULL,
	    "nobody else changes the retained maintenance state");
	fake_end(b);
}

#define NOON	INT64_C(1800000000000)	/* ms since 1970 */
#define MARK	",{\"retained\":true," \
		"\"time\":\"2027-01-15T08:00:00.000Z\"}]\n"
#define NONE	"\"accepted\":0,\"refused\":0,\"delivered\":0,\"refusals\":[]"

static int64_t
wall(void)
{
	return NOON;
}

/* A live event that comes before the barrier is no retained one. */
static void
test_marks(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *s = fake_open(b, WIRE_LINE);

	b->wall = wall;
	fake_say(p, "[2,\"r\",\"wampd.retain\",true]");
	fake_say(p, "[7,\"t\",[1,\n2]]");
	fake_say(p, "[2,\"r\",\"wampd.retain\",false]");
	fake_say(s, "[2,\"m\",\"wampd.mark\",true]");
	tap_str(fake_hear(s), "[3,\"m\",null]\n", "a session asks for marks");
	fake_say(s, "[5,\"u\"]");
	fake_say(p, "[7,\"u\",3]");
	fake_say(s, "[5,\"t\"]");
	fake_say(p, "[7,\"t\",4]");
	tap_str(fake_hear(s), "[8,\"u\",3]\n[8,\"t\",[1, 2]" MARK
	    "[8,\"t\",4]\n", "what was retained has one, what is live none");
	fake_say(s, "[2,\"b\",\"wampd.barrier\"]");
	tap_str(fake_hear(s), "[3,\"b\",{" NONE ",\"retained\":1}]\n",
	    "the barrier counts them");
	fake_say(s, "[2,\"b\",\"wampd.barrier\"]");
	tap_str(fake_hear(s), "[3,\"b\",{" NONE "}]\n", "once");
	s = fake_open(b, WIRE_WS);
	fake_say(s, "[2,\"m\",\"wampd.mark\",true]");
	(void)fake_hear(s);
	fake_say(s, "[5,\"t\"]");
	tap_str(fake_hear(s), "TEXT [8,\"t\",[1,\n2]" MARK,
	    "a WebSocket's keep their bytes");
	fake_say(s, "[2,\"m\",\"wampd.mark\",1]");
	tap_ok(strstr(fake_hear(s), "true or false") != NULL,
	    "what is no answer to whether is refused");
	fake_end(b);
}

static void
test_marks_of_prefixes(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *s = fake_open(b, WIRE_LINE);

	b->wall = wall;
	fake_say(p, "[2,\"r\",\"wampd.retain\",true]");
	fake_say(p, "[7,\"t/1\",1]");
	fake_say(s, "[2,\"m\",\"wampd.mark\",true]");
	(void)fake_hear(s);
	fake_say(s, "[2,\"w\",\"wampd.subscribe\",\"t/\","
	    "{\"match\":\"prefix\"}]");
	tap_str(fake_hear(s), "[8,\"t/1\",1" MARK "[3,\"w\",null]\n",
	    "prefixes bring marked ones, too");
	fake_say(p, "[7,\"t/1\",2]");
	tap_str(fake_hear(s), "[8,\"t/1\",2]\n", "and live ones");
	fake_say(s, "[2,\"m\",\"wampd.mark\",false]");
	(void)fake_hear(s);
	fake_say(s, "[2,\"w\",\"wampd.subscribe\",\"\","
	    "{\"match\":\"prefix\"}]");
	fake_say(s, "[2,\"b\",\"wampd.barrier\"]");
	tap_str(fake_hear(s), "[3,\"w\",null]\n[3,\"b\",{" NONE
	    ",\"retained\":1}]\n", "each is counted once");
	fake_end(b);
}

/* Two sessions that do not read get the same in different turns.  Then it is
 * no longer retained, while it still waits for them. */
static void
test_slow(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE), *s[2];
	uint64_t made;
	size_t i;

	fake_say(p, "[2,\"r\",\"wampd.retain\",true]");
	fake_say(p, "[7,\"t\",\"%03000d\"]", 0);
	fake_say(p, "[7,\"u\",\"%03000d\"]", 0);
	(void)fake_hear(p);
	for (i = 0; i < 2; i++) {
		s[i] = fake_open(b, i == 0 ? WIRE_LINE : WIRE_WS);
		(void)fake_hear(s[i]);
		fake_drain(s[i], 0);
	}
	made = b->stats.frames_allocated;
	for (i = 0; i < 2; i++) {
		fake_say(s[i], "[5,\"t\"]");
		(void)fake_turn(b);
		fake_say(s[i], "[5,\"u\"]");
		(void)fake_turn(b);
	}
	tap_int((long long)(b->stats.frames_allocated - made), 2,
	    "sessions that do not read share what is retained");
	tap_ok(pressure_bytes(&b->pressure) < 3000,
	    "it does not count as waiting for them");
	fake_say(p, "[7,\"t\",1]");
	fake_say(p, "[2,\"f\",\"wampd.forget\",\"u\"]");
	(void)fake_turn(b);
	tap_ok(pressure_bytes(&b->pressure) > 6000,
	    "until it is not retained any more");
	fake_drain(s[0], SIZE_MAX);
	fake_drain(s[1], SIZE_MAX);
	(void)fake_turn(b);
	tap_ok(pressure_bytes(&b->pressure) < 3000 &&
	    b->pressure.kept_frames == 0, "and it is freed when read");
	fake_say(fake_open(b, WIRE_LINE), "[5,\"t\"]");
	fake_end(b);
}

/* For a time only. */
static void
test_time(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"r\",\"wampd.retain\",1.5]");
	fake_say(p, "[7,\"t\",1]");
	fake_say(p, "[2,\"p\",\"wampd.publish\",\"u\",2,{\"retain\":2}]");
	fake_pass(b, 1499);
	tap_str(retained(b, "t"), "[8,\"t\",1]\n", "within the time");
	fake_pass(b, 1);
	tap_str(retained(b, "t"), "", "not after it");
	tap_str(retained(b, "u"), "[8,\"u\",2]\n", "each has its own");
	fake_pass(b, 500);
	tap_str(retained(b, "u"), "", "they end");
	fake_say(p, "[2,\"r\",\"wampd.retain\",true]");
	fake_say(p, "[7,\"t\",3]");
	fake_pass(b, 100000);
	tap_str(retained(b, "t"), "[8,\"t\",3]\n", "or for ever");
	(void)fake_hear(p);
	fake_say(p, "[2,\"r\",\"wampd.retain\",0]");
	tap_ok(has(fake_hear(p), "a number of seconds"), "0 is no time");
	fake_say(p, "[2,\"r\",\"wampd.retain\",1e99]");
	tap_ok(has(fake_hear(p), "a number of seconds"), "nor is for ever");
	fake_end(b);
}

int
main(void)
{
	test_session();
	test_call();
	test_refused();
	test_marks();
	test_marks_of_prefixes();
	test_slow();
	test_time();
	return tap_done();
}
