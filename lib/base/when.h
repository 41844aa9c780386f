/*
 * when.h: points in time as people and programs write them.
 *
 * All times are milliseconds since 1970 in UTC, as clock_wall_ms() tells.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define WHEN_MAX	INT64_C(253402300799999) /* the end of the year 9999 */

/*
 * A time as people write it: "14:30", today in the local time zone;
 * "2026-12-24T22:00" (or with a space), local; with "Z" or "+01:00" behind it
 * in that zone; "+10m", that long after now_ms.  Seconds and their fractions
 * may follow the minutes.  A local time that the clocks skip is an error; of
 * one that comes twice it is the first.  0 or -1.
 */
int	when_parse(int64_t *out_ms, const char *s, int64_t now_ms,
	    struct errbuf *e);

/* A time as programs exchange it: date, time and zone.  0 or -1. */
int	when_parse_iso(int64_t *out_ms, struct slice s);

#define WHEN_LOCAL_SIZE	26	/* "2026-12-24T22:00:00+01:00" and a NUL */

/* Such a time for people, in the local time zone, into out, which has
 * WHEN_LOCAL_SIZE bytes; returns out.  Until the year 9999. */
char   *when_local(char *out, int64_t wall_ms);
