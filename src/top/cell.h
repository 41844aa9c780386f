/*
 * cell.h: numbers and names as wamp-top shows them: short, and of a known
 * width.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* The functions append to out, and return 0, or -1 when out of memory. */

/* At most 5 characters below 10^15: "0", "999", "12.3k", "4.56M". */
int	cell_number(struct buf *out, double n);

/* A number a second; small ones have decimals: "0", "0.2", "12", "1.23k". */
int	cell_rate(struct buf *out, double n);

/* The same in powers of 1024: "512", "12.3K", "1.5G". */
int	cell_bytes(struct buf *out, double n);

/* At most 6 characters below 1000 days: "5s", "12m03", "3h07", "4d02h". */
int	cell_duration(struct buf *out, double seconds);

/* Text from a peer: what a terminal might obey is escaped as \xNN. */
int	cell_text(struct buf *out, struct slice text);

/* Text without control characters, filled with blanks, or with its middle
 * replaced by an ellipsis, to exactly that many columns; right: the blanks are
 * in front.  To be used between width_begin() and width_end(). */
int	cell_fit(struct buf *out, struct slice text, size_t columns,
	    bool right);
