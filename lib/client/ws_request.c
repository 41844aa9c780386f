/*
 * ws_request.c: what the request of a WebSocket handshake says.
 */
#include "client/ws_request.h"

#include <string.h>
#include <strings.h>

#include "base/uri.h"
#include "client/client.h"
#include "client/header.h"
#include "client/say.h"
#include "proto/wamp1.h"

int
ws_request_path(struct buf *out, const char *path, const char *ticket)
{
	if (buf_add_str(out, path) == -1)
		return -1;
	if (ticket != NULL && (buf_add_str(out, strchr(path, '?') == NULL ?
	    "?ticket=" : "&ticket=") == -1 ||
	    uri_encode(out, ticket, "") == -1))
		return -1;
	return buf_cstr(out) == NULL ? -1 : 0;
}

int
ws_request_headers(struct buf *out, const struct client_target *t)
{
	struct slice name;
	size_t i;

	if (t->origin != NULL &&
	    buf_addf(out, "Origin: %s\r\n", t->origin) == -1)
		return -1;
	for (i = 0; i < t->n_headers; i++) {
		name = header_name(t->headers[i]);
		if (buf_addf(out, "%.*s: %s\r\n", (int)name.len, name.p,
		    header_value(t->headers[i])) == -1)
			return -1;
	}
	return 0;
}

/* ---- --trace ---- */

/* "/ws?a=...&ticket=...": any value may be a secret. */
static int
add_path(struct buf *line, const char *path)
{
	const char *query = strchr(path, '?');
	size_t len;

	if (query == NULL)
		return buf_add_str(line, path);
	if (buf_add(line, path, (size_t)(query - path)) == -1)
		return -1;
	for (path = query; *path != '\0'; path += strcspn(path, "&")) {
		len = strcspn(path + 1, "=&") + 1;
		/* Without a name all of it is a value. */
		if (buf_add(line, path, path[len] == '=' ? len : 1) == -1 ||
		    buf_add_str(line, path[len] == '=' ? "=..." :
		    "...") == -1)
			return -1;
		path += len;
	}
	return 0;
}

static void
trace_header(const char *name, const char *value)
{
	struct buf line = { 0 };

	if (buf_addf(&line, "%s: %s", name, value) == 0)
		say_line("> ", buf_slice(&line));
	buf_clear(&line);
}

void
ws_request_trace(const struct client_target *t, const char *path,
    const char *authority)
{
	struct buf line = { 0 };
	struct slice name;
	size_t i;

	if (buf_add_str(&line, "GET ") == 0 && add_path(&line, path) == 0 &&
	    buf_add_str(&line, " HTTP/1.1") == 0)
		say_line("> ", buf_slice(&line));
	trace_header("Host", authority);
	if (!t->no_subprotocol)
		trace_header("Sec-WebSocket-Protocol", WAMP1_SUBPROTOCOL);
	if (t->origin != NULL)
		trace_header("Origin", t->origin);
	for (i = 0; i < t->n_headers; i++) {
		name = header_name(t->headers[i]);
		buf_reset(&line);
		if (buf_add_slice(&line, name) == 0 &&
		    buf_cstr(&line) != NULL)
			trace_header(line.data, header_is_secret(name) ? "..." :
			    header_value(t->headers[i]));
	}
	buf_clear(&line);
}
