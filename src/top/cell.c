/*
 * cell.c: numbers and names as wamp-top shows them.
 */
#include "top/cell.h"

#include <math.h>

#include "base/printable.h"
#include "base/width.h"

#define ELLIPSIS	"\xe2\x80\xa6"	/* U+2026, one column */

/* Three significant digits and a unit.  Rounding may reach the next unit:
 * 999.96k is 1.00M. */
static int
scaled(struct buf *out, double n, double step, const char *units)
{
	int decimals;

	while (n >= 999.5 && units[1] != '\0') {
		n /= step;
		units++;
	}
	decimals = n >= 99.95 ? 0 : n >= 9.995 ? 1 : 2;
	return buf_addf(out, "%.*f%c", decimals, n, *units);
}

int
cell_number(struct buf *out, double n)
{
	return n < 999.5 ? buf_addf(out, "%.0f", n > 0 ? n : 0) :
	    scaled(out, n, 1000, " kMGTPE");
}

int
cell_rate(struct buf *out, double n)
{
	if (n < 0.05)
		return buf_add_char(out, '0');
	return n < 9.95 ? buf_addf(out, "%.1f", n) : cell_number(out, n);
}

int
cell_bytes(struct buf *out, double n)
{
	return n < 999.5 ? buf_addf(out, "%.0f", n > 0 ? n : 0) :
	    scaled(out, n, 1024, " KMGTPE");
}

int
cell_duration(struct buf *out, double seconds)
{
	double s = floor(seconds > 0 ? seconds : 0);
	double minutes = floor(s / 60), hours = floor(s / 3600);

	if (s < 60)
		return buf_addf(out, "%.0fs", s);
	if (hours < 1)
		return buf_addf(out, "%.0fm%02.0f", minutes,
		    s - minutes * 60);
	if (hours < 24)
		return buf_addf(out, "%.0fh%02.0f", hours,
		    minutes - hours * 60);
	return buf_addf(out, "%.0fd%02.0fh", floor(hours / 24),
	    fmod(hours, 24));
}

int
cell_text(struct buf *out, struct slice text)
{
	return printable_add(out, text);
}

static struct slice
rest_of(struct slice text, struct slice head)
{
	return slice_of(text.p + head.len, text.len - head.len);
}

/* The longest end of the text that needs at most that many columns. */
static struct slice
tail_of(struct slice text, size_t total, size_t columns)
{
	size_t drop = total - columns, width;
	struct slice head = slice_of(text.p, width_head(text, drop, &width));
	size_t more = drop;

	/* A character of two columns may be in between. */
	while (width < drop) {
		head.len = width_head(text, ++more, &width);
		if (head.len == text.len)
			break;
	}
	return rest_of(text, head);
}

/* Append the beginning and the end of a text that is too wide.  The columns
 * that it takes, or -1. */
static long
add_elided(struct buf *out, struct slice text, size_t total, size_t columns)
{
	size_t front = (columns - 1) / 2, width;
	struct slice head, tail;

	head = slice_of(text.p, width_head(text, front, &width));
	tail = tail_of(text, total, columns - 1 - width);
	if (buf_add_slice(out, head) == -1 ||
	    buf_add_str(out, ELLIPSIS) == -1 ||
	    buf_add_slice(out, tail) == -1)
		return -1;
	return (long)(width + 1 + width_of(tail));
}

int
cell_fit(struct buf *out, struct slice text, size_t columns, bool right)
{
	size_t total = width_of(text);
	long width;

	if (columns == 0)
		return 0;
	if (total > columns) {
		width = add_elided(out, text, total, columns);
		return width == -1 ? -1 :
		    buf_fill(out, ' ', columns - (size_t)width);
	}
	if (right && buf_fill(out, ' ', columns - total) == -1)
		return -1;
	if (buf_add_slice(out, text) == -1)
		return -1;
	return right ? 0 : buf_fill(out, ' ', columns - total);
}
