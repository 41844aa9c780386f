/*
 * printable.c: text that a terminal shows, and does not obey.
 */
#include "base/printable.h"

#include <stdbool.h>

#include "base/utf8.h"

/* ASCII's control characters, and U+0080 to U+009F, which some terminals take
 * for ESC sequences. */
static bool
is_control(struct slice sequence)
{
	unsigned char first = (unsigned char)sequence.p[0];

	if (sequence.len == 1)
		return first < 0x20 || first == 0x7f;
	return first == 0xc2 && (unsigned char)sequence.p[1] <= 0x9f;
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

int
printable_add(struct buf *out, struct slice text)
{
	struct slice rest = text, next;
	int rc = 0;

	while (rest.len > 0 && rc == 0) {
		next = slice_of(rest.p, utf8_sequence(rest));
		if (next.len > 0 && !is_control(next)) {
			rc = buf_add_slice(out, next);
		} else {
			if (next.len == 0)
				next.len = 1;
			rc = add_escaped(out, next);
		}
		rest = slice_of(rest.p + next.len, rest.len - next.len);
	}
	return rc;
}
