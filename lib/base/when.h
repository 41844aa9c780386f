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

/* A time as programs exchange it: date, time and zone; from 1970 to WHEN_MAX,
 * in UTC.  0 or -1. */
int	when_parse_iso(int64_t *out_ms, struct slice s);

#define WHEN_LOCAL_SIZE	27	/* "10000-01-01T12:59:59+13:00" and a NUL */

/* A time up to WHEN_MAX for people, in the local time zone, where the year
 * 10000 may have begun, into out, which has WHEN_LOCAL_SIZE bytes; returns
 * out. */
char   *when_local(char *out, int64_t wall_ms);
