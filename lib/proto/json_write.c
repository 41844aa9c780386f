/*
 * json_write.c: text to JSON strings.
 */
#include "proto/json.h"

#include "base/utf8.h"
#include "proto/json_text.h"

/* Append one control character, quote or backslash. */
static int
add_escape(struct buf *out, char c)
{
	static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
	const char *known = memchr(from, c, sizeof(from) - 1);

	if (known == NULL)
		return buf_addf(out, "\\u%04x", (unsigned)(unsigned char)c);
	return buf_add(out, (char[]){ '\\', to[known - from] }, 2);
}

/* Append the character at the start of s that json_span() stopped at; *n is
 * its length there. */
static int
add_odd(struct buf *out, struct slice s, size_t *n)
{
	if ((unsigned char)*s.p < 0x80) {
		*n = 1;
		return add_escape(out, *s.p);
	}
	if ((*n = utf8_sequence(s)) > 0)
		return buf_add(out, s.p, *n);
	*n = 1;
	return buf_add_str(out, "\xef\xbf\xbd");	/* U+FFFD */
}

static int
add_chars(struct buf *out, struct slice s)
{
	size_t n;

	while (s.len > 0) {
		n = (size_t)(json_span(s.p, s.p + s.len) - s.p);
		if (buf_add(out, s.p, n) == -1)
			return -1;
		s = slice_of(s.p + n, s.len - n);
		if (s.len == 0)
			break;
		if (add_odd(out, s, &n) == -1)
			return -1;
		s = slice_of(s.p + n, s.len - n);
	}
	return 0;
}

int
json_quote(struct buf *out, struct slice s)
{
	size_t before = out->len;

	if (buf_add_char(out, '"') == 0 && add_chars(out, s) == 0 &&
	    buf_add_char(out, '"') == 0)
		return 0;
	out->len = before;
	return -1;
}
