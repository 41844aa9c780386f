/*
 * json_shown.c: what a peer sent, for a terminal.
 */
#include "proto/json_shown.h"

#include "base/printable.h"
#include "base/utf8.h"

/* The code point of one character; U+FFFD for a byte that is none. */
static unsigned
code_point(struct slice c)
{
	if (c.len == 1 && (unsigned char)*c.p >= 0x80)
		return 0xfffdu;
	return (unsigned)utf8_decode(c.p, c.len);
}

/* The bytes at the start of text that stay as they are. */
static size_t
safe_run(struct slice text, bool lines)
{
	size_t at = 0, n;
	bool safe;

	while (at < text.len) {
		n = printable_step(slice_of(text.p + at, text.len - at),
		    &safe);
		if (!safe && !(lines && (text.p[at] == '\n' ||
		    text.p[at] == '\t')))
			break;
		at += n;
	}
	return at;
}

int
json_shown(struct buf *out, struct slice text, bool lines)
{
	bool safe;
	size_t n;

	for (;;) {
		n = safe_run(text, lines);
		if (buf_add(out, text.p, n) == -1)
			return -1;
		text = slice_of(text.p + n, text.len - n);
		if (text.len == 0)
			return 0;
		n = printable_step(text, &safe);
		if (buf_addf(out, "\\u%04x",
		    code_point(slice_of(text.p, n))) == -1)
			return -1;
		text = slice_of(text.p + n, text.len - n);
	}
}
