/*
 * fuzz_wampd_http.c: any bytes as the head of an HTTP request, and as a
 * WebSocket handshake.
 *
 * The first byte chooses the limit and the rules, the second where the rest is
 * cut.  However it is cut, the verdict is the same; all that is handed out lies
 * in the head; and each answer is one of HTTP.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "proto/http_head.h"
#include "wampd/net/handshake.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const size_t limits[] = { 16384, 1, 64, 256 };
static const char *const protocols[] = { "wamp", "wamp.2.json", NULL };

struct verdict {
	enum http_read	    read;
	struct http_request req;
	struct http_refusal why;
	size_t		    used;	/* bytes that it took */
};

/* Read pieces, the first one of `first` bytes, the others of `step`. */
static struct verdict
read_pieces(struct slice in, size_t limit, size_t first, size_t step)
{
	struct http_scan scan = { 0 };
	struct verdict v = { .used = first };

	for (;;) {
		v.read = http_request_read(&scan, slice_of(in.p, v.used),
		    limit, &v.req, &v.why);
		if (v.read != HTTP_READ_MORE || v.used == in.len)
			return v;
		v.used = v.used + step < in.len ? v.used + step : in.len;
	}
}

static void
check_same_slice(struct slice a, struct slice b)
{
	assert(a.p == b.p && a.len == b.len);
}

static void
check_same(const struct verdict *a, const struct verdict *b)
{
	assert(a->read == b->read);
	if (a->read == HTTP_READ_MORE)
		return;
	check_same_slice(a->req.method, b->req.method);
	check_same_slice(a->req.target, b->req.target);
	assert(a->req.minor == b->req.minor);
	if (a->read == HTTP_READ_REFUSED) {
		assert(a->why.cause == b->why.cause);
		return;
	}
	check_same_slice(a->req.path, b->req.path);
	check_same_slice(a->req.query, b->req.query);
	check_same_slice(a->req.authority, b->req.authority);
	check_same_slice(a->req.fields, b->req.fields);
	assert(a->req.len == b->req.len);
	assert(a->req.content == b->req.content);
}

static bool
has_any(struct slice s, const char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (s.len > 0 && memchr(s.p, bytes[i], s.len) != NULL)
			return true;
	return false;
}

static void
check_list(struct slice value)
{
	struct slice whole = value, element, before = { NULL, 0 };

	while (http_list_next(&value, &element)) {
		assert(element.len > 0 && is_within(element, whole));
		assert(before.len == 0 ||
		    element.p > before.p + before.len);
		before = element;
	}
	assert(value.len == 0);
}

static void
check_fields(struct slice fields)
{
	struct slice rest = fields;
	struct http_field f;

	while (http_field_next(&rest, &f)) {
		assert(http_is_token(f.name) && is_within(f.name, fields));
		assert(is_within(f.value, fields));
		assert(!has_any(f.value, "\0\r\n", 3));
		check_list(f.value);
	}
	assert(rest.len == 0);
}

static void
check_request(const struct http_request *req, struct slice in)
{
	struct slice head = slice_of(in.p, req->len);

	assert(req->len <= in.len);
	assert(memcmp(in.p + req->len - 4, "\r\n\r\n", 4) == 0);
	assert(http_is_token(req->method) && is_within(req->method, head));
	assert(is_within(req->target, head));
	assert(is_within(req->path, req->target));
	assert(is_empty_or_within(req->query, req->target));
	assert(is_empty_or_within(req->authority, head));
	assert(is_within(req->fields, head));
	assert(!has_any(req->target, "\0\r\n #", 5));
	assert(!has_any(req->authority, "\0\r\n @/", 6));
	assert(req->path.len > 0 || slice_eq(req->method,
	    SLICE("CONNECT")));
	assert(req->authority.len > 0 || req->minor == 0 ||
	    slice_eq(req->path, SLICE("*")));
	check_fields(req->fields);
}

/* The body, which is as long as the head says. */
static void
check_body(struct slice fields, struct slice body, bool head_only)
{
	struct slice value = { NULL, 0 };
	char length[32];

	assert(http_field_find(fields, "content-length", &value) == 1);
	(void)snprintf(length, sizeof(length), "%zu", body.len);
	assert(head_only ? body.len == 0 : http_token_eq(value, length));
	assert(http_field_find(fields, "connection", &value) == 1);
}

/* One answer and nothing else. */
static void
check_answer(struct slice text, unsigned code, bool head_only)
{
	struct slice head, fields;
	struct http_status status;

	assert(http_head_cut(&head, &text));
	assert(http_status_read(&status, head));
	assert(status.code == code && status.minor == 1);
	fields = slice_of(head.p + status.line.len + 2,
	    head.len - status.line.len - 4);
	check_fields(fields);
	if (code == 101)
		assert(text.len == 0);
	else
		check_body(fields, text, head_only);
}

static void
check_refusal(const struct http_refusal *why, struct slice method)
{
	bool head_only = slice_eq(method, SLICE("HEAD"));
	struct buf out = { 0 };

	assert(why->cause < HTTP_CAUSES);
	assert(http_refusal_write(why, head_only, &out) == 0);
	check_answer(buf_slice(&out), http_cause_status(why->cause),
	    head_only);
	buf_clear(&out);
}

static void
check_handshake(const struct http_request *req, uint8_t options)
{
	static struct handshake_digest digest;	/* finding it takes long */
	struct handshake_rules rules = { &digest, protocols, options & 4,
	    options & 8 };
	struct http_refusal why;
	struct handshake h;
	struct errbuf e;
	struct buf out = { 0 };
	struct slice offer;

	assert(digest.sha1 != NULL ||
	    handshake_digest_init(&digest, &e) == 0);
	if (handshake_check(req, &rules, &h, &why) == -1)
		check_refusal(&why, req->method);
	else {
		assert(handshake_is_upgrade(req) && !req->content);
		assert(strlen(h.accept) == HANDSHAKE_ACCEPT_SIZE - 1);
		assert(handshake_write(&h, NULL, "X: y\r\n", &out) == 0);
		check_answer(buf_slice(&out), 101, false);
		while (handshake_offer_next(&h.offers, &offer))
			assert(offer.len > 0 &&
			    is_within(offer, req->fields));
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct verdict whole, cut, bytes;
	struct slice in;
	size_t limit, at;

	if (size < 2)
		return 0;
	limit = limits[data[0] & 3];
	in = slice_of((const char *)data + 2, size - 2);
	at = data[1] < in.len ? data[1] : in.len;
	whole = read_pieces(in, limit, in.len, 1);
	cut = read_pieces(in, limit, at, (data[0] >> 4) + 1);
	bytes = read_pieces(in, limit, 0, 1);
	check_same(&whole, &cut);
	check_same(&whole, &bytes);
	check_list(in);
	if (whole.read == HTTP_READ_REFUSED) {
		assert(bytes.used <= limit);
		check_refusal(&whole.why, whole.req.method);
	} else if (whole.read == HTTP_READ_DONE) {
		assert(bytes.used == whole.req.len && bytes.used <= limit);
		check_request(&whole.req, in);
		check_handshake(&whole.req, data[0]);
	} else
		assert(in.len < limit);
	return 0;
}
