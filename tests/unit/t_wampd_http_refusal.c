/*
 * t_wampd_http_refusal.c: the answers to requests that are refused.
 */
#include <stdio.h>

#include "proto/http_head.h"
#include "tap.h"
#include "wampd/net/http_field.h"
#include "wampd/net/http_refusal.h"

#define SNAKE	"abcdefghijklmnopqrstuvwxyz_"

/* A key of wampd.yml allows these. */
static bool
has_key(unsigned status)
{
	return status == 401 || status == 404 || status == 408 ||
	    status == 414 || status == 429 || status == 431;
}

/* An answer, taken apart. */
struct answer {
	struct buf	   text;	/* owned; the others are in it */
	struct http_status status;
	struct slice	   fields;
	struct slice	   body;
};

static void
answer_make(struct answer *a, const struct http_refusal *r, bool head_only)
{
	struct slice head = { NULL, 0 };

	a->text = (struct buf){ 0 };
	tap_int(http_refusal_write(r, head_only, &a->text), 0, "an answer");
	a->body = buf_slice(&a->text);
	tap_ok(http_head_cut(&head, &a->body), "has a head");
	tap_ok(http_status_read(&a->status, head), "with a status");
	a->fields = slice_of(head.p + a->status.line.len + 2,
	    head.len - a->status.line.len - 4);
}

static void
field(const struct answer *a, const char *lower, const char *want)
{
	struct slice value = { NULL, 0 };

	tap_int(http_field_find(a->fields, lower, &value), want != NULL,
	    "%.*s: %s is there", (int)a->status.line.len,
	    a->status.line.p, lower);
	tap_slice(value, want != NULL ? want : "", "and its value");
}

static void
body(const struct answer *a, const char *want)
{
	char length[32];

	(void)snprintf(length, sizeof(length), "%zu", strlen(want));
	field(a, "content-length", length);
	tap_slice(a->body, want, "the body");
}

static void
test_each(enum http_cause cause)
{
	struct http_refusal r = { .cause = cause };
	const char *name = http_cause_name(cause);
	struct answer a;
	char length[32];
	size_t i;

	answer_make(&a, &r, false);
	tap_int(a.status.code, http_cause_status(cause), "%s: the status",
	    name);
	tap_int(a.status.minor, 1, "the version");
	tap_ok(a.status.line.len > sizeof("HTTP/1.1 400"), "a reason");
	field(&a, "content-type", "text/plain; charset=utf-8");
	field(&a, "connection", a.status.code == 426 ? "Upgrade, close" :
	    "close");
	(void)snprintf(length, sizeof(length), "%zu", a.body.len);
	field(&a, "content-length", length);
	tap_ok(a.body.len > 2 && slice_eq(slice_of(a.body.p + a.body.len - 2,
	    2), SLICE(".\n")), "a sentence that ends: %.*s",
	    (int)a.body.len - 1, a.body.p);
	tap_int((int64_t)strspn(name, SNAKE), (int64_t)strlen(name),
	    "a name for counters");
	tap_ok(!has_key(a.status.code) || http_cause_remedy(cause) != NULL,
	    "a remedy");
	for (i = 0; i < (size_t)cause; i++)
		if (strcmp(name, http_cause_name((enum http_cause)i)) == 0)
			break;
	tap_int((int64_t)i, cause, "which no other has");
	buf_clear(&a.text);
}

static void
test_upgrade(void)
{
	static const enum http_cause causes[] = { HTTP_CAUSE_NO_UPGRADE,
	    HTTP_CAUSE_WS_VERSION };
	struct http_refusal r;
	struct answer a;
	size_t i;

	for (i = 0; i < 2; i++) {
		r = (struct http_refusal){ .cause = causes[i] };
		answer_make(&a, &r, false);
		tap_slice(a.status.line, "HTTP/1.1 426 Upgrade Required",
		    "the status");
		field(&a, "upgrade", "websocket");
		field(&a, "sec-websocket-version", "13");
		buf_clear(&a.text);
	}
}

static void
test_head(void)
{
	struct http_refusal r = { .cause = HTTP_CAUSE_NO_UPGRADE };
	struct answer full, head;

	answer_make(&full, &r, false);
	answer_make(&head, &r, true);
	tap_int((int64_t)head.body.len, 0, "the answer to HEAD has no body");
	tap_ok(slice_eq(full.fields, head.fields), "but the same fields");
	buf_clear(&full.text);
	buf_clear(&head.text);
}

static void
test_names(void)
{
	static const char *const two[] = { "wamp", "wamp.2.json", NULL };
	struct http_refusal r = { .cause = HTTP_CAUSE_UNKNOWN_SUBPROTOCOL,
	    .names = two + 1 };
	struct answer a;

	answer_make(&a, &r, false);
	body(&a, "No subprotocol that was offered is spoken here: offer one "
	    "that is: wamp.2.json.\n");
	field(&a, "sec-websocket-protocol", NULL);
	buf_clear(&a.text);
	r.names = two;
	answer_make(&a, &r, false);
	body(&a, "No subprotocol that was offered is spoken here: offer one "
	    "that is: wamp, wamp.2.json.\n");
	buf_clear(&a.text);
}

static void
test_others(void)
{
	struct http_refusal full = { .cause = HTTP_CAUSE_FULL,
	    .retry_after = 5, .date = 784887151 };
	struct http_refusal method = { .cause = HTTP_CAUSE_METHOD };
	struct answer a;

	answer_make(&a, &full, false);
	tap_slice(a.status.line, "HTTP/1.1 503 Service Unavailable",
	    "the status");
	field(&a, "retry-after", "5");
	field(&a, "date", "Tue, 15 Nov 1994 08:12:31 GMT");
	buf_clear(&a.text);
	answer_make(&a, &method, false);
	tap_slice(a.status.line, "HTTP/1.1 405 Method Not Allowed",
	    "the status");
	field(&a, "allow", "GET");
	field(&a, "retry-after", NULL);
	field(&a, "date", NULL);
	field(&a, "upgrade", NULL);
	buf_clear(&a.text);
}

int
main(void)
{
	int cause;

	for (cause = 0; cause < HTTP_CAUSES; cause++)
		test_each((enum http_cause)cause);
	test_upgrade();
	test_head();
	test_names();
	test_others();
	return tap_done();
}
