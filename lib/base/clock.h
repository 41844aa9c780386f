/*
 * clock.h: the clocks of the project.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t	clock_ms(void);

/* Milliseconds of a monotonic clock that also runs while the machine sleeps. */
int64_t	clock_boot_ms(void);

/* Microseconds of the monotonic clock. */
int64_t	clock_us(void);

/* Milliseconds, and microseconds, since 1970, by the machine's clock. */
int64_t	clock_wall_ms(void);
int64_t	clock_wall_us(void);

/* The earlier of two times, or the shorter of two delays; a negative one means
 * never. */
static inline int64_t
clock_sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* How long to wait from now until something is due.  At least 1: a delay of 0
 * would call it again and again. */
static inline int64_t
clock_left(int64_t due, int64_t now)
{
	return due > now ? due - now : 1;
}

#define CLOCK_ISO_SIZE	28	/* "2026-11-21T08:45:28.123456Z" and a NUL */

/* Write such a time to out, which has CLOCK_ISO_SIZE bytes, in ISO 8601 and UTC
 * with milliseconds.  Returns out.  Works until the year 9999. */
char   *clock_iso_of(char *out, int64_t wall_ms);

/* The same for the current time. */
char   *clock_iso(char *out);
