/*
 * t_client_record.c: events as wamp-sub -j has recorded them.
 */
#include "client/record.h"

#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "tap.h"

static void
check_time(const char *time, int64_t want)
{
	struct json_error fault;
	struct errbuf e = { "" };
	struct record r = { .time_ms = -2 };
	char text[256];

	(void)snprintf(text, sizeof(text),
	    "{\"event\":1,\"time\":%s,\"topic\":\"t\"}", time);
	if (record_read(&r, slice_str(text), &fault, &e) == -1)
		r.time_ms = -2;
	tap_int(r.time_ms, want, "the time %s", time);
}

static void
test_times(void)
{
	check_time("\"1970-01-01T00:00:01.250Z\"", 1250);
	check_time("\"1970-01-01T01:00:01+01:00\"", 1000);
	check_time("1.25", 1250);
	check_time("1e6", 1000000000);
	check_time("253402300799", INT64_C(253402300799000));
	check_time("253402300800", -2);
	check_time("1e400", -2);
	check_time("-1", -2);
	check_time("null", -2);
	check_time("\"yesterday\"", -2);
	check_time("\"2026-02-30T00:00:00Z\"", -2);
}

static void
check_wrong(const char *text, const char *why)
{
	struct json_error fault;
	struct errbuf e = { "" };
	struct record r;

	tap_int(record_read(&r, slice_str(text), &fault, &e), -1,
	    "no record: %s", text);
	tap_ok(strncmp(e.msg, why, strlen(why)) == 0, "for: %s", e.msg);
	tap_ok((strncmp(why, "invalid JSON", 12) == 0) == (fault.what != NULL),
	    "and whether that is a fault of JSON");
}

static void
test_wrong(void)
{
	check_wrong("", "invalid JSON");
	check_wrong("{\"topic\":\"t\",\"event\":1", "invalid JSON");
	check_wrong("[]", "not an object");
	check_wrong("{\"event\":1}", "no topic");
	check_wrong("{\"topic\":\"t\"}", "no event");
	check_wrong("{\"topic\":7,\"event\":1}", "the topic is not a string");
	check_wrong("{\"topic\":\"\",\"event\":1}", "the topic is empty");
}

static void
test_right(void)
{
	const char *text = " {\"x\":{}, \"event\": [9007199254740993] ,"
	    "\"topic\":\"\\u00e9\",\"retained\":true, \"t\\u0069me\":2}";
	struct json_error fault = { 0 };
	struct errbuf e = { "" };
	struct record r;

	tap_int(record_read(&r, slice_str(text), &fault, &e), 0,
	    "members in any order, and others");
	tap_ok(slice_eq(r.event, SLICE("[9007199254740993]")),
	    "the event's bytes");
	tap_ok(slice_eq(r.topic, SLICE("\"\\u00e9\"")), "the topic's");
	tap_int(r.time_ms, 2000, "a name with an escape");
	text = "{\"topic\":\"a\",\"event\":1,\"event\":2}";
	tap_int(record_read(&r, slice_str(text), &fault, &e), 0, "twice");
	tap_ok(slice_eq(r.event, SLICE("2")), "the last counts, as in jq");
	tap_int(r.time_ms, -1, "no time is none");
}

int
main(void)
{
	test_times();
	test_wrong();
	test_right();
	return tap_done();
}
