/*
 * tempo.c: when recorded things are due again.
 */
#include "base/tempo.h"

#include <stdlib.h>
#include <string.h>

#define SLACK_US	100000
#define GAP_MAX		(INT64_MAX / 4)	/* us: no sum overflows */
#define SPEED_MIN	1e-6
#define SPEED_MAX	1e9

/* The delay from the last record to that time, at the given speed. */
static int64_t
tempo_gap(const struct tempo *t, int64_t recorded_ms)
{
	double gap;

	if (t->last_ms == -1 || t->speed <= 0 || recorded_ms <= t->last_ms)
		return 0;
	gap = (double)(recorded_ms - t->last_ms) * 1e3 / t->speed;
	return gap < (double)GAP_MAX ? (int64_t)gap : GAP_MAX;
}

void
tempo_next(struct tempo *t, int64_t recorded_ms, int64_t now_us)
{
	if (t->last_ms == -1)
		t->due_us = now_us;
	else if (t->due_us < now_us - SLACK_US)
		t->due_us = now_us - SLACK_US;
	if (t->due_us < GAP_MAX)
		t->due_us += tempo_gap(t, recorded_ms);
	t->last_ms = recorded_ms;
}

int64_t
tempo_left(const struct tempo *t, int64_t now_us)
{
	return t->due_us > now_us ? t->due_us - now_us : 0;
}

int
tempo_read(double *speed, const char *s)
{
	char *end;

	if (strcmp(s, "max") == 0) {
		*speed = 0;
		return 0;
	}
	/* strtod() also accepts signs, blanks, hexadecimal numbers and
	 * infinity. */
	if (s[0] == '\0' || s[strspn(s, "0123456789.")] != '\0')
		return -1;
	*speed = strtod(s, &end);
	if (end == s || *end != '\0')
		return -1;
	return *speed == 0 || (*speed >= SPEED_MIN && *speed <= SPEED_MAX) ?
	    0 : -1;
}
