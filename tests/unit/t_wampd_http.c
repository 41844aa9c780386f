/*
 * t_wampd_http.c: the head of an HTTP request, whole and in pieces.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tap.h"
#include "wampd/net/http_request.h"

#define LIMIT	16384
#define TEXT(lit)	(lit), sizeof(lit) - 1

#define GET	"GET / HTTP/1.1\r\n"
#define HOST	"Host: h\r\n"
#define END	"\r\n"
#define OK	"GET / ? h 1.1"		/* what describe() makes of these */

struct answer {
	char	     text[512];	/* by describe() */
	struct slice fields;	/* a copy, owned */
	size_t	     len;
};

static void
describe(struct answer *a, enum http_read read,
    const struct http_request *req, const struct http_refusal *why)
{
	*a = (struct answer){ .text = "more" };
	if (read == HTTP_READ_REFUSED)
		(void)snprintf(a->text, sizeof(a->text), "%u %s",
		    http_cause_status(why->cause),
		    http_cause_name(why->cause));
	if (read != HTTP_READ_DONE)
		return;
	(void)snprintf(a->text, sizeof(a->text), "%.*s %.*s ?%.*s %.*s 1.%u%s",
	    (int)req->method.len, req->method.p,
	    (int)req->path.len, req->path.p,
	    (int)req->query.len, req->query.p,
	    (int)req->authority.len, req->authority.p, req->minor,
	    req->content ? " content" : "");
	a->fields = slice_of(strndup(req->fields.p, req->fields.len),
	    req->fields.len);
	a->len = req->len;
}

/* Read the first n bytes of the input, in a place of their own. */
static enum http_read
read_first(struct http_scan *scan, struct slice in, size_t n, size_t limit,
    struct answer *a)
{
	char *place = malloc(n > 0 ? n : 1);
	struct http_request req;
	struct http_refusal why;
	enum http_read read;

	if (n > 0)
		memcpy(place, in.p, n);
	read = http_request_read(scan, slice_of(place, n), limit, &req, &why);
	describe(a, read, &req, &why);
	free(place);
	return read;
}

/* Read the input in pieces: one of `first` bytes, then others of `step`. */
static struct answer
answer_to(struct slice in, size_t first, size_t step, size_t limit)
{
	struct http_scan scan = { 0 };
	struct answer a;
	size_t n = first;

	while (read_first(&scan, in, n, limit, &a) == HTTP_READ_MORE &&
	    n < in.len)
		n = n + step < in.len ? n + step : in.len;
	return a;
}

static bool
is_same(const struct answer *a, struct answer b)
{
	bool same = strcmp(a->text, b.text) == 0 && a->len == b.len &&
	    slice_eq(a->fields, b.fields);

	free((char *)(uintptr_t)b.fields.p);
	return same;
}

/* However it is cut, the answer is the same. */
static void
check(const char *name, struct slice in, size_t limit, const char *want)
{
	struct answer whole = answer_to(in, in.len, 1, limit);
	size_t at;

	tap_str(whole.text, want, "%s", name);
	for (at = 0; at < in.len; at++)
		if (!is_same(&whole, answer_to(in, at, in.len, limit)))
			break;
	tap_int((int64_t)at, (int64_t)in.len, "%s: in two pieces", name);
	tap_ok(is_same(&whole, answer_to(in, 0, 1, limit)),
	    "%s: byte by byte", name);
	free((char *)(uintptr_t)whole.fields.p);
}

static const struct {
	const char *name;
	const char *in;
	size_t	    len;
	const char *want;
} cases[] = {
	{ "the least", TEXT(GET HOST END), "GET / ? h 1.1" },
	{ "no colon", TEXT(GET HOST "X\r\n"), "400 bad_field" },
};

static void
test_cases(void)
{
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(cases[i].name, slice_of(cases[i].in, cases[i].len),
		    LIMIT, cases[i].want);
}

int
main(void)
{
	test_cases();
	return tap_done();
}
