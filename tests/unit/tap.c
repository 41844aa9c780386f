/*
 * tap.c: the checks of tap.h.  Plan last, so that a program that dies half
 * way is seen to have no plan.
 */
#include "tap.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned tap_count;	/* checks made */
static unsigned tap_failed;	/* checks that did not hold */

/* One result line.  Flushed at once: a crash must not take it along. */
static bool __attribute__((format(printf, 4, 0)))
tap_result(const char *file, int line, bool held, const char *fmt, va_list ap)
{
	char name[256];

	(void)vsnprintf(name, sizeof(name), fmt, ap);
	printf("%s %u - %s\n", held ? "ok" : "not ok", ++tap_count, name);
	if (!held) {
		tap_failed++;
		tap_diag("failed at %s:%d", file, line);
	}
	fflush(stdout);
	return held;
}

/* A remark of several lines stays a remark. */
static void
tap_diag_value(const char *what, const char *p, size_t n)
{
	size_t i;

	printf("# %s: \"", what);
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	printf("\"\n");
}

bool
tap_check(const char *file, int line, bool cond, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_result(file, line, cond, fmt, ap);
	va_end(ap);
	return cond;
}

bool
tap_check_int(const char *file, int line, int64_t got, int64_t want,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_result(file, line, got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		tap_diag("got %" PRId64 ", want %" PRId64, got, want);
	return got == want;
}

bool
tap_check_str(const char *file, int line, const char *got, const char *want,
    const char *fmt, ...)
{
	bool held = got == want ||
	    (got != NULL && want != NULL && strcmp(got, want) == 0);
	va_list ap;

	va_start(ap, fmt);
	tap_result(file, line, held, fmt, ap);
	va_end(ap);
	if (!held) {
		const char *g = got != NULL ? got : "(null)";
		const char *w = want != NULL ? want : "(null)";

		tap_diag_value("got", g, strlen(g));
		tap_diag_value("want", w, strlen(w));
	}
	return held;
}

bool
tap_check_slice(const char *file, int line, struct slice got,
    const char *want, const char *fmt, ...)
{
	bool held = slice_eq(got, slice_str(want));
	va_list ap;

	va_start(ap, fmt);
	tap_result(file, line, held, fmt, ap);
	va_end(ap);
	if (!held) {
		tap_diag_value("got", got.p, got.len);
		tap_diag_value("want", want, strlen(want));
	}
	return held;
}

void
tap_diag(const char *fmt, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

int
tap_done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed > 0 || tap_count == 0;
}
