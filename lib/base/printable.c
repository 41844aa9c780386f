/*
 * printable.c: text that cannot control a terminal.
 */
#include "base/printable.h"

#include "base/utf8.h"

/* Characters of three bytes, all of which begin with E2 80 or E2 81. */
static bool
is_line_end_or_direction(const char *p)
{
	unsigned char second = (unsigned char)p[1], third = (unsigned char)p[2];

	if ((unsigned char)p[0] != 0xe2)
		return false;
	return second == 0x80 ? third >= 0xa8 && third <= 0xae :
	    second == 0x81 && third >= 0xa6 && third <= 0xa9;
}

size_t
printable_step(struct slice text, bool *safe)
{
	size_t n = utf8_sequence(text);
	unsigned char first = (unsigned char)text.p[0];

	switch (n) {
	case 1:
		*safe = first >= 0x20 && first != 0x7f;
		return 1;
	case 2:
		/* Some terminals treat U+0080 to U+009F as escape sequences. */
		*safe = first != 0xc2 || (unsigned char)text.p[1] > 0x9f;
		return 2;
	case 3:
		*safe = !is_line_end_or_direction(text.p);
		return 3;
	case 4:
		*safe = true;
		return 4;
	default:
		*safe = false;
		return 1;
	}
}

static int
add_escaped(struct buf *out, struct slice bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++)
		if (buf_addf(out, "\\x%02x", (unsigned char)bytes.p[i]) == -1)
			return -1;
	return 0;
}

bool
printable_is(struct slice text)
{
	bool safe = true;
	size_t at = 0;

	while (safe && at < text.len)
		at += printable_step(slice_of(text.p + at, text.len - at),
		    &safe);
	return safe;
}

int
printable_add(struct buf *out, struct slice text)
{
	struct slice rest = text, next;
	bool safe;
	int rc = 0;

	while (rest.len > 0 && rc == 0) {
		next = slice_of(rest.p, printable_step(rest, &safe));
		rc = safe ? buf_add_slice(out, next) : add_escaped(out, next);
		rest = slice_of(rest.p + next.len, rest.len - next.len);
	}
	return rc;
}
