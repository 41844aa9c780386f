/*
 * clock.h: time as the project uses it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Milliseconds of the monotonic clock. */
int64_t	clock_ms(void);

/* The same of one that also goes on while the machine sleeps. */
int64_t	clock_boot_ms(void);

/* Microseconds of the monotonic clock. */
int64_t	clock_us(void);

/* Milliseconds, and microseconds, since 1970 as the machine's clock is set. */
int64_t	clock_wall_ms(void);
int64_t	clock_wall_us(void);

/* Of two moments, or two times to wait, the sooner one; one below 0 stands for
 * never. */
static inline int64_t
clock_sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* How long to wait from now for what is due: at least 1, since to wait for 0 is
 * to be called at once, and over and over. */
static inline int64_t
clock_left(int64_t due, int64_t now)
{
	return due > now ? due - now : 1;
}

#define CLOCK_ISO_SIZE	28	/* "2026-11-21T08:45:28.123456Z" and a NUL */

/* Such a time as ISO 8601 in UTC with milliseconds into out, which has
 * CLOCK_ISO_SIZE bytes; returns out.  Until the year 9999. */
char   *clock_iso_of(char *out, int64_t wall_ms);

/* The same of now. */
char   *clock_iso(char *out);
