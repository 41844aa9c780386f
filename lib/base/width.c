/*
 * width.c: how many columns of a terminal a text takes.
 */
#include "base/width.h"

#include <wchar.h>

#include "base/utf8.h"

#define WIDTH_MARKS	16	/* after one character; more are cut off */

void
width_begin(struct width *w)
{
	w->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	w->before = w->utf8 != (locale_t)0 ? uselocale(w->utf8) : (locale_t)0;
}

void
width_end(struct width *w)
{
	if (w->utf8 == (locale_t)0)
		return;
	(void)uselocale(w->before);
	freelocale(w->utf8);
	w->utf8 = (locale_t)0;
}

/* The next character's length and columns.  What the library does not know,
 * and a byte that is not UTF-8, is most likely shown as one column. */
static size_t
step(struct slice text, size_t *columns)
{
	size_t len = utf8_sequence(text);
	int n;

	*columns = 1;
	if (len <= 1)
		return 1;
	if ((n = wcwidth((wchar_t)utf8_decode(text.p, len))) >= 0)
		*columns = (size_t)n;
	return len;
}

size_t
width_of(struct slice text)
{
	size_t width = 0, columns;

	while (text.len > 0) {
		size_t len = step(text, &columns);

		width += columns;
		text = slice_of(text.p + len, text.len - len);
	}
	return width;
}

size_t
width_head(struct slice text, size_t columns, size_t *width)
{
	size_t at = 0, marks = 0, len, more;

	*width = 0;
	while (at < text.len) {
		len = step(slice_of(text.p + at, text.len - at), &more);
		marks = more == 0 ? marks + 1 : 0;
		if (*width + more > columns || marks > WIDTH_MARKS)
			break;
		*width += more;
		at += len;
	}
	return at;
}
