/*
 * json_digits.h: numbers that a double does not hold, brought through a program
 * that knows nothing but doubles.
 *
 * Whole numbers up to 2^53 are exact in a double.  A larger one is "long": a
 * program that reads it may round it, and nothing tells.  So the program runs
 * three times, side by side, with three other numbers in the place of each
 * long one: the nearest double, the one on the other side of it, and a small
 * odd number where doubles lie close.  All three keep which of two long
 * numbers is larger, and the first two which of a long number and any double
 * is.  Whatever comes out alike three times does not depend on the digits that
 * a double loses.  Where the three numbers come out in the same place, the
 * program has handed the long one on, and its own text takes their place.
 * Anything else is a result of digits that were not there.
 *
 * Fractions below 2^53 are what the nearest double makes of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define JSON_DIGITS_RUNS	3

struct json_long {
	struct slice text;		/* as it was written; borrowed */
	struct slice digits;		/* of text, from the first that is not
					 * 0 on; may have a point */
	int64_t	     exponent;		/* of ten, of the first digit */
	bool	     negative;
	double	     as[JSON_DIGITS_RUNS];	/* what takes its place */
};

/* Zeroed: none. */
struct json_digits {
	struct json_long *v;	/* owned; sorted once settled, none twice */
	size_t		  n, cap;
};

/* Whether a number is a long one; *out (may be NULL) then says what of its
 * text counts. */
bool	json_is_long(struct slice number, struct json_long *out);

/* Whether a number that is read as a double, and written again, is the same; a
 * fraction below 2^53 is not looked at. */
bool	json_is_held(struct slice number);

/* The first long number of a scanned text, empty when there is none. */
struct slice json_digits_first(struct slice text);

/* Remember the long numbers of a scanned text, which must stay.  0, or -1 when
 * out of memory. */
int	json_digits_add(struct json_digits *d, struct slice text);

/* Behind all texts: choose what takes their place. */
void	json_digits_settle(struct json_digits *d);

/* Append a text that was added, for that run.  0, or -1 when out of memory. */
int	json_digits_write(const struct json_digits *d, unsigned run,
	    struct slice text, struct buf *out);

enum json_digits_verdict {
	JSON_DIGITS_KEPT,
	JSON_DIGITS_LOST,	/* it would depend on digits that are lost */
	JSON_DIGITS_MEMORY,	/* out of memory */
};

/* What the three runs made of the texts: append it with the long numbers.  from
 * and until bound the time of day, in seconds, that the runs may have asked for
 * and that differs for no other reason; the first run's is taken. */
enum json_digits_verdict json_digits_restore(const struct json_digits *d,
	    const struct slice made[JSON_DIGITS_RUNS], double from,
	    double until, struct buf *out);

void	json_digits_clear(struct json_digits *d);
