/*
 * suggest.c: what the server refused, and what was probably meant.
 */
#include "client/suggest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "client/wildcard.h"
#include "proto/json.h"

#define MORE_SIZE	40	/* bytes of " (and 16 more)", any number */

/* ---- what was meant ---- */

/* ["call","..."] without the brackets. */
static int
nearest_args(struct buf *args, const char *kind, struct slice name)
{
	return buf_addf(args, "\"%s\",", kind) == -1 ||
	    json_quote(args, name) == -1 ? -1 : 0;
}

void
suggest_nearest(struct client *c, const char *kind, struct slice name,
    struct errbuf *e)
{
	struct buf args = { 0 }, meant = { 0 };
	struct client_answer a;
	struct json_error je;
	struct json_elem elem;
	struct errbuf ignored;

	if (client_is_wampd(c) && nearest_args(&args, kind, name) == 0 &&
	    client_call(c, SLICE("wampd.nearest"), buf_slice(&args), &a,
	    &ignored) == EXIT_DONE && !a.is_error &&
	    json_scan_value(a.result, 1, &elem, &je) == 0 &&
	    elem.type == JSON_STRING && json_unquote(&meant, &elem) == 0)
		err_suggest(e, buf_cstr(&meant));
	buf_clear(&args);
	buf_clear(&meant);
}

bool
suggest_is_pattern(struct client *c, struct slice topic, struct slice *stem)
{
	struct buf args = { 0 };
	struct client_answer a;
	struct json_elem spelled;
	struct errbuf ignored;
	bool is = wildcard_find(topic, stem);

	/* Some routes have a "*" of their own. */
	if (is && client_is_wampd(c) && json_quote(&args, topic) == 0 &&
	    client_call(c, SLICE("wampd.match"), buf_slice(&args), &a,
	    &ignored) == EXIT_DONE && !a.is_error &&
	    json_member(a.result, "spelled", &spelled))
		is = spelled.type != JSON_TRUE;
	buf_clear(&args);
	return is;
}

/* Its URI is the procedure's own, as Gos and BabDev have it. */
bool
suggest_is_no_procedure(struct slice desc)
{
	return slice_starts(desc, SLICE("\"No RPC endpoint registered for "));
}

static bool
is_no_route(struct slice uri)
{
	return slice_eq(uri, SLICE("\"wampd.error.no_route\""));
}

bool
suggest_refusal(struct client *c, const char *kind, struct slice item,
    struct errbuf *e)
{
	struct json_elem topic, uri, reason;
	struct buf name = { 0 };

	if (!json_member(item, "topic", &topic) ||
	    !json_member(item, "error", &uri) ||
	    !json_member(item, "reason", &reason))
		return false;
	client_explain(e, uri.text, reason.text);
	if (topic.type == JSON_STRING && json_unquote(&name, &topic) == 0) {
		/* An answer that item is of is no more valid behind this. */
		if (is_no_route(uri.text))
			suggest_nearest(c, kind, buf_slice(&name), e);
		err_wrap(e, "%.*s", (int)name.len, name.len > 0 ? name.data :
		    "");
	}
	buf_clear(&name);
	return true;
}

/* ---- subscriptions that were refused ---- */

int
refused_read(struct refused *r, struct slice answer)
{
	struct json_elem subscribe, count, list;
	int64_t n;

	*r = (struct refused){ 0 };
	if (!json_member(answer, "subscribe", &subscribe) ||
	    !json_member(subscribe.text, "refused", &count) ||
	    !json_int(&n, &count) || n < 0 ||
	    !json_member(subscribe.text, "refusals", &list) ||
	    list.type != JSON_ARRAY)
		return 0;
	if (buf_add_slice(&r->text, json_inside(list.text)) == -1)
		return -1;
	r->rest = buf_slice(&r->text);
	r->left = (uint64_t)n;
	return 0;
}

bool
refused_next(struct refused *r, struct client *c, struct errbuf *e)
{
	struct json_elem item;
	size_t n;

	if (r->left == 0 || !json_next(&r->rest, &item))
		return false;
	if (!suggest_refusal(c, "subscribe", item.text, e))
		err_set(e, "a subscription was refused");
	if (--r->left == 0 || r->rest.len > 0)
		return true;
	/* The number is to be seen, however long the reason is. */
	n = utf8_fit(slice_str(e->msg), sizeof(e->msg) - MORE_SIZE);
	(void)snprintf(e->msg + n, MORE_SIZE, " (and %" PRIu64 " more)",
	    r->left);
	return true;
}

void
refused_clear(struct refused *r)
{
	buf_clear(&r->text);
}
