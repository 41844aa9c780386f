/*
 * when.h: points in time, for people and for programs.
 *
 * All times are milliseconds since 1970 in UTC, as from clock_wall_ms().
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define WHEN_MAX	INT64_C(253402300799999) /* the end of the year 9999 */

/*
 * A time as people write it: "14:30" is today in the local time zone;
 * "2026-12-24T22:00" (or with a space) is local; with "Z" or "+01:00" it is in
 * that zone; "+10m" is that long after now_ms.  Seconds and fractions may
 * follow the minutes.  A local time that the clocks skip is an error.  One that
 * occurs twice means the first occurrence.  0 or -1.
 */
int	when_parse(int64_t *out_ms, const char *s, int64_t now_ms,
	    struct errbuf *e);

/* A time as programs exchange it: date, time and zone; from 1970 to WHEN_MAX,
 * in UTC.  0 or -1. */
int	when_parse_iso(int64_t *out_ms, struct slice s);

#define WHEN_LOCAL_SIZE	27	/* "10000-01-01T12:59:59+13:00" and a NUL */

/* Write a time up to WHEN_MAX for people, in the local time zone, in which it
 * may be in the year 10000, to out, which has WHEN_LOCAL_SIZE bytes.  Returns
 * out. */
char   *when_local(char *out, int64_t wall_ms);
