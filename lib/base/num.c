/*
 * num.c: numbers in options and configuration.
 */
#include "base/num.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NUM_SHOWN	40	/* bytes of an invalid text */

struct unit {
	const char *name;
	double	    factor;
};

static const struct unit size_units[] = {
	{ "", 1 }, { "B", 1 },
	{ "k", 1024 }, { "K", 1024 }, { "KiB", 1024 }, { "kB", 1e3 },
	{ "M", 1 << 20 }, { "MiB", 1 << 20 }, { "MB", 1e6 },
	{ "G", 1 << 30 }, { "GiB", 1 << 30 }, { "GB", 1e9 },
	{ NULL, 0 }
};

static const struct unit duration_units[] = {	/* in milliseconds */
	{ "", 1e3 }, { "ms", 1 }, { "s", 1e3 }, { "m", 60e3 },
	{ "h", 3600e3 }, { "d", 86400e3 },
	{ NULL, 0 }
};

int
num_int(int64_t *out, const char *s, int64_t min, int64_t max,
    struct errbuf *e)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(s, &end, 10);
	/* strtoll() also accepts leading white space. */
	if (end == s || *end != '\0' || strchr("+-0123456789", s[0]) == NULL) {
		err_set(e, "\"%.*s\" is not a whole number", NUM_SHOWN, s);
		return -1;
	}
	if (errno == ERANGE || v < min || v > max) {
		err_set(e, "%.*s is not between %" PRId64 " and %" PRId64,
		    NUM_SHOWN, s, min, max);
		return -1;
	}
	*out = v;
	return 0;
}

/* "1.5M" with a table of units.  Only digits and one point: strtod() also
 * accepts "inf", "0x10" and "1e3". */
static int
num_with_unit(double *out, const char *s, const struct unit *u)
{
	size_t digits = strspn(s, "0123456789.");
	char *end;
	double v;

	v = strtod(s, &end);
	if (digits == 0 || end != s + digits)
		return -1;
	for (; u->name != NULL; u++)
		if (strcmp(u->name, end) == 0) {
			*out = v * u->factor;
			return 0;
		}
	return -1;
}

int
num_size(uint64_t *out, const char *s, struct errbuf *e)
{
	double v;

	if (num_with_unit(&v, s, size_units) == -1 || v > 1e15 ||
	    v != (double)(uint64_t)v) {
		err_set(e, "\"%.*s\" is not a size such as 4096, 64k or 1MiB",
		    NUM_SHOWN, s);
		return -1;
	}
	*out = (uint64_t)v;
	return 0;
}

int
num_duration(int64_t *out_ms, const char *s, struct errbuf *e)
{
	double v;

	/* A time above 0 is at least a millisecond. */
	if (num_with_unit(&v, s, duration_units) == -1 || v > 1e15) {
		err_set(e, "\"%.*s\" is not a duration such as 90, 1.5, "
		    "250ms, 10m or 2h", NUM_SHOWN, s);
		return -1;
	}
	*out_ms = (int64_t)v + (v > (double)(int64_t)v);
	return 0;
}

static int
add_pattern(struct buf *out, const struct unit *u)
{
	const char *bar = "";
	int rc = buf_add_str(out, "^([0-9]+[.]?[0-9]*|[.][0-9]+)(");

	for (; u->name != NULL && rc == 0; u++, bar = "|")
		rc = buf_addf(out, "%s%s", bar, u->name);
	return rc == 0 ? buf_add_str(out, ")$") : -1;
}

int
num_size_pattern(struct buf *out)
{
	return add_pattern(out, size_units);
}

int
num_duration_pattern(struct buf *out)
{
	return add_pattern(out, duration_units);
}

int
num_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;		/* small */
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
