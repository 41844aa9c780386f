/*
 * t_when.c: points in time as people and programs write them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/when.h"
#include "tap.h"

/* Noon in Berlin, on a winter's day. */
#define NOW	INT64_C(1764500400000)	/* 2025-11-30T11:00:00Z */

static void
use_zone(const char *tz)
{
	if (setenv("TZ", tz, 1) == -1)
		abort();
	tzset();
}

/* The text as a time in UTC; NULL when it is none. */
static const char *
utc(const char *text)
{
	static char out[CLOCK_ISO_SIZE];
	struct errbuf e = { "" };
	int64_t ms;

	if (when_parse(&ms, text, NOW, &e) == 0)
		return clock_iso_of(out, ms);
	tap_ok(e.msg[0] != '\0', "%s: it says why", text);
	return NULL;
}

struct row {
	const char *text, *utc;
};

static void
test_rows(const char *tz, const struct row *rows, size_t n)
{
	use_zone(tz);
	for (; n > 0; n--, rows++)
		tap_str(utc(rows->text), rows->utc, "%s: \"%s\"", tz,
		    rows->text);
}

#define ROWS(a)	(a), sizeof(a) / sizeof((a)[0])

/* Without the system's table of zones: this one changes in March and October
 * as most of Europe does. */
#define BERLIN	"CET-1CEST,M3.5.0,M10.5.0/3"

static const struct row berlin[] = {
	{ "14:30", "2025-11-30T13:30:00.000Z" },
	{ "00:00", "2025-11-29T23:00:00.000Z" },
	{ "23:59:59", "2025-11-30T22:59:59.000Z" },
	{ "14:30:01.5", "2025-11-30T13:30:01.500Z" },
	{ "2026-12-24T22:00", "2026-12-24T21:00:00.000Z" },
	{ "2026-12-24 22:00", "2026-12-24T21:00:00.000Z" },
	{ "2026-07-01T12:00", "2026-07-01T10:00:00.000Z" },
	{ "2026-07-01T12:00Z", "2026-07-01T12:00:00.000Z" },
	{ "2026-07-01t12:00:00z", "2026-07-01T12:00:00.000Z" },
	{ "2026-07-01T12:00+05:30", "2026-07-01T06:30:00.000Z" },
	{ "2026-07-01T12:00-0930", "2026-07-01T21:30:00.000Z" },
	{ "2026-01-01T00:30+14:00", "2025-12-31T10:30:00.000Z" },
	{ "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123Z" },
	{ "+10m", "2025-11-30T11:10:00.000Z" },
	{ "+1.5", "2025-11-30T11:00:01.500Z" },
	{ "+0", "2025-11-30T11:00:00.000Z" },
	{ "+36h", "2025-12-01T23:00:00.000Z" },
	/* Leap years. */
	{ "2028-02-29T12:00Z", "2028-02-29T12:00:00.000Z" },
	{ "2027-02-29T12:00Z", NULL },
	{ "2027-02-29T12:00", NULL },
	{ "2100-02-29T12:00", NULL },
	{ "2026-02-30T12:00", NULL },
	{ "2026-04-31T12:00Z", NULL },
	/* The hour that the clocks skip, and the one that they do twice. */
	{ "2026-03-29T01:59", "2026-03-29T00:59:00.000Z" },
	{ "2026-03-29T02:00", NULL },
	{ "2026-03-29T02:59:59", NULL },
	{ "2026-03-29T03:00", "2026-03-29T01:00:00.000Z" },
	{ "2026-10-25T01:59", "2026-10-24T23:59:00.000Z" },
	{ "2026-10-25T02:30", "2026-10-25T00:30:00.000Z" },
	{ "2026-10-25T03:00", "2026-10-25T02:00:00.000Z" },
	/* The ends of what there is. */
	{ "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z" },
	{ "1970-01-01T00:00Z", "1970-01-01T00:00:00.000Z" },
	{ "1969-12-31T23:59Z", NULL },
	{ "1970-01-01T00:00:00.5+01:00", NULL },
	{ "9999-12-31T23:59:59-14:00", NULL },
	{ "+300000000d", NULL },
	{ "+99999d", "2299-09-14T11:00:00.000Z" },
	/* Nothing of the kind. */
	{ "", NULL }, { " ", NULL }, { "+", NULL }, { "-10m", NULL },
	{ "+-1", NULL }, { "+1y", NULL }, { "tomorrow", NULL },
	{ "24:00", NULL }, { "12:60", NULL }, { "12:00:60", NULL },
	{ "1:00", NULL }, { "14", NULL }, { "1430", NULL },
	{ "14:30:", NULL }, { "14:30:00.", NULL }, { "14:30 ", NULL },
	{ " 14:30", NULL }, { "14:30x", NULL }, { "14:30Z", NULL },
	{ "14:30+01:00", NULL }, { "2026-12-24", NULL },
	{ "2026-12-24T", NULL }, { "2026-12-24T22", NULL },
	{ "2026-12-24_22:00", NULL }, { "26-12-24T22:00", NULL },
	{ "2026-13-01T00:00", NULL }, { "2026-00-01T00:00", NULL },
	{ "2026-01-00T00:00", NULL }, { "10000-01-01T00:00", NULL },
	{ "2026-01-01T00:00+15:00", NULL },
	{ "2026-01-01T00:00+14:30", NULL },
	{ "2026-01-01T00:00+1", NULL }, { "2026-01-01T00:00ZZ", NULL },
	{ "2026-01-01T00:00+01:60", NULL },
	{ "1764500400", NULL }, { "2026-1-1T0:0", NULL },
};

static const struct row utc_rows[] = {
	{ "14:30", "2025-11-30T14:30:00.000Z" },
	{ "2026-03-29T02:30", "2026-03-29T02:30:00.000Z" },
};

/* Far east it is tomorrow already. */
static const struct row tonga[] = {
	{ "00:30", "2025-11-30T11:30:00.000Z" },
	{ "2026-01-01T00:00", "2025-12-31T11:00:00.000Z" },
};

/* Where winter is what has a name of its own, so that tm_isdst is 1 then. */
static const struct row dublin[] = {
	{ "2026-10-25T01:30", "2026-10-25T00:30:00.000Z" },
	{ "2026-03-29T01:30", NULL },
	{ "2026-07-01T12:00", "2026-07-01T11:00:00.000Z" },
};

static bool
is_iso(const char *text)
{
	int64_t ms;

	return when_parse_iso(&ms, slice_str(text)) == 0;
}

static void
test_iso(void)
{
	char out[CLOCK_ISO_SIZE];
	int64_t ms = 0;

	tap_ok(when_parse_iso(&ms, slice_str(clock_iso_of(out, NOW + 7))) ==
	    0, "what clock_iso_of() writes is read");
	tap_int(ms, NOW + 7, "as the same time");
	tap_ok(is_iso("2026-07-01T12:00+02:00"), "any zone will do");
	tap_ok(!is_iso("2026-07-01T12:00"), "but not none");
	tap_ok(!is_iso("2026-07-01 12:00Z"), "nor other forms");
	tap_ok(!is_iso("12:00") && !is_iso("+10m") && !is_iso(""),
	    "nor what is relative");
	tap_ok(!is_iso("9999-12-31T23:59:59-00:01") &&
	    !is_iso("1970-01-01T00:00+00:01"),
	    "nor what is before or after all times in UTC");
	tap_ok(when_parse_iso(&ms, slice_of("2026-07-01T12:00Z0", 17)) == 0,
	    "nothing is read beyond the end");
}

static void
test_local(void)
{
	char out[WHEN_LOCAL_SIZE];
	int64_t ms;

	use_zone(BERLIN);
	tap_str(when_local(out, NOW + 999), "2025-11-30T12:00:00+01:00",
	    "local, with its distance from UTC");
	tap_ok(when_parse_iso(&ms, slice_str(out)) == 0 && ms == NOW,
	    "which reads back");
	use_zone("UTC0");
	tap_str(when_local(out, WHEN_MAX), "9999-12-31T23:59:59+00:00",
	    "the last one fits");
	use_zone("TOT-13");
	tap_str(when_local(out, WHEN_MAX), "10000-01-01T12:59:59+13:00",
	    "also where it is a year later already");
}

int
main(void)
{
	test_rows(BERLIN, ROWS(berlin));
	test_rows("UTC0", ROWS(utc_rows));
	test_rows("TOT-13", ROWS(tonga));
	test_rows("IST-1GMT0,M10.5.0,M3.5.0/1", ROWS(dublin));
	test_iso();
	test_local();
	return tap_done();
}
