/*
 * tap.h: what a unit test says, in the Test Anything Protocol.
 *
 *	int
 *	main(void)
 *	{
 *		tap_ok(utf8_valid(SLICE("a")), "ASCII is valid");
 *		tap_int(count, 3, "three elements");
 *		return tap_done();
 *	}
 *
 * A check never ends the program; it returns whether it held, so that a test
 * can stop where going on makes no sense.  Names may be format strings.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define tap_ok(cond, ...)						\
	tap_check(__FILE__, __LINE__, (cond), __VA_ARGS__)

/* got and want as integers; both are printed when they differ. */
#define tap_int(got, want, ...)						\
	tap_check_int(__FILE__, __LINE__, (got), (want), __VA_ARGS__)

/* C strings; NULL equals only NULL. */
#define tap_str(got, want, ...)						\
	tap_check_str(__FILE__, __LINE__, (got), (want), __VA_ARGS__)

/* A slice and a C string. */
#define tap_slice(got, want, ...)					\
	tap_check_slice(__FILE__, __LINE__, (got), (want), __VA_ARGS__)

bool	tap_check(const char *file, int line, bool cond, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));
bool	tap_check_int(const char *file, int line, int64_t got, int64_t want,
	    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
bool	tap_check_str(const char *file, int line, const char *got,
	    const char *want, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
bool	tap_check_slice(const char *file, int line, struct slice got,
	    const char *want, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));

/* A remark that is shown with the results. */
void	tap_diag(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Print the plan.  Returns the program's exit status: 1 when a check failed
 * or none was made. */
int	tap_done(void);
