/*
 * http_cut.c: the head of an HTTP request, whole and in pieces.
 */
#include "http_cut.h"

#include <stdlib.h>

#include "tap.h"

struct cutter {
	struct slice  in;
	size_t	      limit;
	http_cut_fn  *describe;
	struct buf    text;	/* what became of the head; owned */
	size_t	      used;	/* bytes of the input that it took */
};

/* Read the first n bytes in a place of their own, in which nothing may be kept
 * and behind which nothing may be read. */
static enum http_read
read_first(struct cutter *c, struct http_scan *scan, size_t n)
{
	char *place = malloc(n > 0 ? n : 1);
	struct http_request req = { .len = 0 };
	struct http_refusal why = { .cause = HTTP_CAUSES };
	enum http_read read;

	if (n > 0)
		memcpy(place, c->in.p, n);
	read = http_request_read(scan, slice_of(place, n), c->limit, &req,
	    &why);
	buf_reset(&c->text);
	if (read == HTTP_READ_MORE)
		(void)buf_add_str(&c->text, "more\n");
	else
		c->describe(&c->text, read, &req, &why);
	c->used = n;
	free(place);
	return read;
}

/* Read pieces, the first one of `first` bytes, the others of `step`.  What is
 * decided stays so. */
static void
read_pieces(struct cutter *c, size_t first, size_t step)
{
	struct http_scan scan = { 0 };
	size_t n = first;

	while (read_first(c, &scan, n) == HTTP_READ_MORE && n < c->in.len)
		n = n + step < c->in.len ? n + step : c->in.len;
	(void)read_first(c, &scan, n);
}

static bool
is_same(struct cutter *c, struct slice want, size_t first, size_t step)
{
	read_pieces(c, first, step);
	return slice_eq(buf_slice(&c->text), want);
}

void
http_cut_check(const char *name, struct slice in, size_t limit,
    const char *want, http_cut_fn *describe)
{
	struct cutter c = { in, limit, describe, { 0 }, 0 };
	struct buf whole = { 0 };
	const char *end;
	size_t at;

	read_pieces(&c, in.len, 1);
	(void)buf_add_slice(&whole, buf_slice(&c.text));
	end = memchr(whole.data, '\n', whole.len);
	tap_slice(slice_of(whole.data, (size_t)(end - whole.data)), want,
	    "%s", name);
	for (at = 0; at < in.len; at++)
		if (!is_same(&c, buf_slice(&whole), at, in.len))
			break;
	tap_int((int64_t)at, (int64_t)in.len, "%s: in two pieces", name);
	tap_ok(is_same(&c, buf_slice(&whole), 0, 1), "%s: byte by byte",
	    name);
	tap_int((int64_t)c.used, (int64_t)in.len, "%s: no byte sooner", name);
	buf_clear(&c.text);
	buf_clear(&whole);
}
