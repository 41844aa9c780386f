/*
 * explain.c: errors of a server as people read them.
 */
#include "client/explain.h"

#include "base/buf.h"
#include "client/client.h"
#include "proto/http_head.h"
#include "proto/json.h"

/* Append the characters of a JSON string; what is none is left out. */
static void
add_decoded(struct buf *out, struct slice string)
{
	struct json_elem elem;
	struct json_error je;

	if (json_scan_value(string, 1, &elem, &je) == 0 &&
	    elem.type == JSON_STRING)
		(void)json_unquote(out, &elem);
}

void
client_explain(struct errbuf *e, struct slice uri, struct slice desc)
{
	struct buf text = { 0 };
	size_t head;

	add_decoded(&text, uri);
	head = text.len;
	(void)buf_add_str(&text, ": ");
	add_decoded(&text, desc);
	if (text.len == head + 2)
		text.len = head;
	if (text.len > 0)
		err_set(e, "%.*s", (int)text.len, text.data);
	else
		err_set(e, "an error without a name");
	buf_clear(&text);
}

bool
explain_unreadable(struct errbuf *e, struct slice text,
    const struct wamp1_error *we)
{
	struct http_status st;

	if (http_status_read(&st, text)) {
		err_set(e, "authentication refused: %.*s", (int)st.line.len,
		    st.line.p);
		return true;
	}
	err_set(e, "the server does not speak WAMP v1: %s at byte %zu of a "
	    "message", we->what, we->offset);
	return false;
}
