/*
 * json_digits.h: passes numbers that a double cannot hold through a program
 * that only knows doubles.
 *
 * Whole numbers up to 2^53 are exact in a double.  A larger one is "long": a
 * program that reads it may round it without notice.  Therefore the program
 * runs three times, with three other numbers in the place of each long one: the
 * nearest double, the double on its other side, and a small odd number where
 * doubles are close.  In all three, the order of any two long numbers is kept;
 * in the first two, also the order of a long number and any double.  A result
 * that is the same three times does not depend on lost digits.  If the three
 * replacements appear in the same place, the program has passed the long number
 * on, and its own text is put there.  Any other result depends on digits that
 * were lost.
 *
 * Fractions below 2^53 are rounded to the nearest double.
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
	struct slice digits;		/* of text, from the first digit that is
					 * not 0 on; may contain a point */
	int64_t	     exponent;		/* of ten, of the first digit */
	bool	     negative;
	double	     as[JSON_DIGITS_RUNS];	/* its replacements */
};

/* Zeroed: none. */
struct json_digits {
	struct json_long *v;	/* owned; sorted once settled, none twice */
	size_t		  n, cap;
};

/* Whether a number is long.  *out (may be NULL) then says which part of its
 * text matters. */
bool	json_is_long(struct slice number, struct json_long *out);

/* Whether a number stays the same if it is read as a double and written again.
 * Fractions below 2^53 are not checked. */
bool	json_is_held(struct slice number);

/* The first long number of a scanned text; empty if there is none. */
struct slice json_digits_first(struct slice text);

/* Remember the long numbers of a scanned text, which must remain valid.  0, or
 * -1 when out of memory. */
int	json_digits_add(struct json_digits *d, struct slice text);

/* After all texts: choose the replacements. */
void	json_digits_settle(struct json_digits *d);

/* Append an added text with the replacements of that run.  0, or -1 when out of
 * memory. */
int	json_digits_write(const struct json_digits *d, unsigned run,
	    struct slice text, struct buf *out);

enum json_digits_verdict {
	JSON_DIGITS_KEPT,
	JSON_DIGITS_LOST,	/* the result depends on lost digits */
	JSON_DIGITS_MEMORY,	/* out of memory */
};

/* Append the result of the three runs with the long numbers. from and until are
 * the times of day, in seconds, between which the runs may have read the clock;
 * if they differ only in that, the first run is used. */
enum json_digits_verdict json_digits_restore(const struct json_digits *d,
	    const struct slice made[JSON_DIGITS_RUNS], double from,
	    double until, struct buf *out);

void	json_digits_clear(struct json_digits *d);
