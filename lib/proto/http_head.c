/*
 * http_head.c: the head of an HTTP/1 answer.
 */
#include "proto/http_head.h"

#define VERSION		SLICE("HTTP/1.")
#define CODE_AT		2	/* behind that: "1 101 " */
#define CODE_DIGITS	3

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static unsigned
read_code(struct slice s)
{
	unsigned code = 0;
	size_t i;

	if (s.len <= CODE_AT + CODE_DIGITS || s.p[1] != ' ' ||
	    s.p[CODE_AT + CODE_DIGITS] != ' ')
		return 0;
	for (i = CODE_AT; i < CODE_AT + CODE_DIGITS; i++) {
		if (!is_digit(s.p[i]))
			return 0;
		code = code * 10 + (unsigned)(s.p[i] - '0');
	}
	return code;
}

bool
http_status_read(struct http_status *st, struct slice text)
{
	const char *end = text.len > 0 ? memchr(text.p, '\r', text.len) : NULL;
	struct slice line = slice_of(text.p, end != NULL ?
	    (size_t)(end - text.p) : text.len), rest;

	*st = (struct http_status){ .line = line };
	if (!slice_starts(line, VERSION))
		return false;
	rest = slice_of(line.p + VERSION.len, line.len - VERSION.len);
	if (rest.len > 0 && is_digit(rest.p[0]))
		st->minor = (unsigned)(rest.p[0] - '0');
	st->code = read_code(rest);
	return true;
}

bool
http_head_cut(struct slice *head, struct slice *in)
{
	const char *end = in->len > 0 ? memmem(in->p, in->len, "\r\n\r\n", 4) :
	    NULL;

	if (end == NULL)
		return false;
	*head = slice_of(in->p, (size_t)(end - in->p) + 4);
	*in = slice_of(in->p + head->len, in->len - head->len);
	return true;
}
