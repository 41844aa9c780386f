/*
 * http_refusal.c: what an HTTP request is refused for, and the answer.
 */
#include "wampd/net/http_refusal.h"

#include "base/slice.h"
#include "wampd/net/http_answer.h"

#define WEBSOCKET_FIELDS						\
	"Upgrade: websocket\r\n"					\
	"Sec-WebSocket-Version: 13\r\n"

#define WRONG_TICKET							\
	"The ticket is wrong: ask the application for another one"

/* An answer that names a protocol to upgrade to must list "Upgrade" in
 * Connection (RFC 9110 section 7.8). */
static const struct cause {
	const char *name;
	unsigned    status;
	const char *text;	/* without the stop; what is spoken may
				 * follow */
	const char *fields;	/* lines, or NULL */
	const char *connection;	/* NULL: "close" */
} causes[HTTP_CAUSES] = {
	[HTTP_CAUSE_TLS_HELLO] = { "tls_hello", 400,
	    "This port speaks no TLS: connect with ws:// or http://",
	    NULL, NULL },
	[HTTP_CAUSE_REQUEST_LINE] = { "bad_request_line", 400,
	    "A request begins with a line such as \"GET / HTTP/1.1\"",
	    NULL, NULL },
	[HTTP_CAUSE_LINE_END] = { "bad_line_end", 400,
	    "Each line of a request must end with CR LF", NULL, NULL },
	[HTTP_CAUSE_LONG_METHOD] = { "long_method", 501,
	    "No method that is known here is that long: use GET",
	    NULL, NULL },
	[HTTP_CAUSE_TARGET] = { "bad_target", 400,
	    "The target of a request must be a path such as /chat?id=1, in "
	    "which blanks, # and non-ASCII characters are percent-encoded",
	    NULL, NULL },
	[HTTP_CAUSE_LONG_TARGET] = { "long_target", 414,
	    "The request line is too long: shorten the path or the query, "
	    "or raise limits.head of the server", NULL, NULL },
	[HTTP_CAUSE_VERSION] = { "http_version", 505,
	    "Only HTTP/1.1 is spoken here: let proxies speak it, too",
	    NULL, NULL },
	[HTTP_CAUSE_FIELD] = { "bad_field", 400,
	    "Each header field must be a line \"Name: value\" without a "
	    "blank before the colon and without control characters",
	    NULL, NULL },
	[HTTP_CAUSE_FOLDED_FIELD] = { "folded_field", 400,
	    "No line of the header may begin with a blank: write each "
	    "field on one line", NULL, NULL },
	[HTTP_CAUSE_HOST] = { "bad_host", 400,
	    "A request needs exactly one Host field, with a valid name or "
	    "address", NULL, NULL },
	[HTTP_CAUSE_FRAMING] = { "bad_framing", 400,
	    "Content-Length or Transfer-Encoding is malformed, or "
	    "contradicts the other: send neither", NULL, NULL },
	[HTTP_CAUSE_EXPECTATION] = { "expectation", 417,
	    "No expectation but \"100-continue\" is known here: remove the "
	    "Expect field", NULL, NULL },
	[HTTP_CAUSE_LARGE_HEAD] = { "large_head", 431,
	    "The header is too large: send fewer or shorter cookies and "
	    "other fields, or raise limits.head of the server",
	    NULL, NULL },
	[HTTP_CAUSE_ADDRESS] = { "address", 403,
	    "Connections from this address are not allowed here",
	    NULL, NULL },
	[HTTP_CAUSE_FORWARDED] = { "bad_forwarded", 400,
	    "Forwarded is malformed or contradicts X-Forwarded-For: let the "
	    "proxy write one of them, and remove the other", NULL, NULL },
	[HTTP_CAUSE_FOREIGN_HOST] = { "foreign_host", 421,
	    "This server does not have that name: add it to \"hosts\" in "
	    "wampd.yml", NULL, NULL },
	[HTTP_CAUSE_ORIGIN] = { "bad_origin", 403,
	    "Origin is malformed, \"null\" or given twice, so it is unknown "
	    "whose page this is", NULL, NULL },
	[HTTP_CAUSE_FOREIGN_ORIGIN] = { "foreign_origin", 403,
	    "Pages of that site may not connect here: add its host to "
	    "\"origins\" in wampd.yml", NULL, NULL },
	[HTTP_CAUSE_NO_ORIGIN] = { "no_origin", 403,
	    "Without a ticket, a request here needs an Origin", NULL, NULL },
	[HTTP_CAUSE_CONTENT] = { "content", 413,
	    "A request here must not have content: remove it, with "
	    "Content-Length and Transfer-Encoding", NULL, NULL },
	[HTTP_CAUSE_METHOD] = { "method", 405,
	    "Only GET is served here", "Allow: GET\r\n", NULL },
	[HTTP_CAUSE_HTTP_METHOD] = { "http_method", 405,
	    "Only GET and HEAD are served here", "Allow: GET, HEAD\r\n",
	    NULL },
	[HTTP_CAUSE_NOT_FOUND] = { "not_found", 404,
	    "Nothing is served at this path: check the URL", NULL, NULL },
	[HTTP_CAUSE_NO_UPGRADE] = { "no_upgrade", 426,
	    "This is a WebSocket server: connect with a WebSocket client, "
	    "and let proxies pass the Upgrade field on",
	    WEBSOCKET_FIELDS, "Upgrade, close" },
	[HTTP_CAUSE_CONNECTION] = { "bad_connection", 400,
	    "Connection must list \"Upgrade\": let proxies pass it on",
	    NULL, NULL },
	[HTTP_CAUSE_KEY] = { "bad_key", 400,
	    "A handshake needs exactly one Sec-WebSocket-Key, with 16 bytes "
	    "in base64", NULL, NULL },
	[HTTP_CAUSE_WS_VERSION] = { "websocket_version", 426,
	    "A handshake needs exactly one Sec-WebSocket-Version, with the "
	    "value 13", WEBSOCKET_FIELDS, "Upgrade, close" },
	[HTTP_CAUSE_SUBPROTOCOL] = { "bad_subprotocol", 400,
	    "Sec-WebSocket-Protocol must be a list of the subprotocols that "
	    "are spoken here",
	    NULL, NULL },
	[HTTP_CAUSE_NO_SUBPROTOCOL] = { "no_subprotocol", 400,
	    "Offer in Sec-WebSocket-Protocol a subprotocol that is spoken "
	    "here",
	    NULL, NULL },
	[HTTP_CAUSE_UNKNOWN_SUBPROTOCOL] = { "unknown_subprotocol", 400,
	    "No subprotocol that was offered is spoken here: offer one that "
	    "is",
	    NULL, NULL },
	[HTTP_CAUSE_EXTENSIONS] = { "bad_extensions", 400,
	    "Sec-WebSocket-Extensions is malformed", NULL, NULL },
	[HTTP_CAUSE_NO_PROOF] = { "no_proof", 401,
	    "Prove who you are: connect with a ticket of the application",
	    "WWW-Authenticate: Bearer\r\n", NULL },
	[HTTP_CAUSE_BAD_TICKET] = { "bad_ticket", 403,
	    "The ticket is malformed: ask the application for another one",
	    NULL, NULL },
	[HTTP_CAUSE_TICKET_FUTURE] = { "ticket_future", 403,
	    "The ticket is not valid yet: set the clocks of both servers",
	    NULL, NULL },
	[HTTP_CAUSE_TICKET_EXPIRED] = { "ticket_expired", 403,
	    "The ticket has expired: ask the application for another one",
	    NULL, NULL },
	[HTTP_CAUSE_TICKET_REPLAYED] = { "ticket_replayed", 403,
	    "The ticket was used before: ask the application for another one",
	    NULL, NULL },
	/* Nobody learns which of the two it was. */
	[HTTP_CAUSE_UNKNOWN_USER] = { "unknown_user", 403, WRONG_TICKET,
	    NULL, NULL },
	[HTTP_CAUSE_WRONG_TICKET] = { "wrong_ticket", 403, WRONG_TICKET,
	    NULL, NULL },
	[HTTP_CAUSE_UNKNOWN_KEY] = { "unknown_key", 403,
	    "The key of the ticket is unknown: ask the application for "
	    "another one", NULL, NULL },
	[HTTP_CAUSE_TICKET_FOREIGN] = { "ticket_foreign", 403,
	    "The ticket is for another server: ask the application for one "
	    "that is for this server", NULL, NULL },
	[HTTP_CAUSE_LOOKUP_FAILED] = { "lookup_failed", 503,
	    "The server could not find out who you are: try again later",
	    NULL, NULL },
	[HTTP_CAUSE_BUSY] = { "busy", 503,
	    "The server is checking too many clients: try again later",
	    NULL, NULL },
	[HTTP_CAUSE_TIMEOUT] = { "timeout", 408,
	    "The request did not come in time: send it whole, at once",
	    NULL, NULL },
	[HTTP_CAUSE_FULL] = { "full", 503,
	    "The server has as many connections as it may have: try again "
	    "later", NULL, NULL },
	[HTTP_CAUSE_FULL_ADDRESS] = { "full_address", 429,
	    "Your address has as many connections as it may have: close some, "
	    "or try again later", NULL, NULL },
	[HTTP_CAUSE_FULL_USER] = { "full_user", 429,
	    "You have as many connections as you may have: close some, or try "
	    "again later", NULL, NULL },
	[HTTP_CAUSE_INTERNAL] = { "internal", 500,
	    "The server failed: try again later", NULL, NULL },
};

/* For the log: what the administrator can do.  The other causes are faults of
 * the client, or tell themselves. */
static const char *const remedies[HTTP_CAUSES] = {
	[HTTP_CAUSE_LONG_TARGET] = "to allow it, raise limits.head",
	[HTTP_CAUSE_LARGE_HEAD] = "to allow it, raise limits.head",
	[HTTP_CAUSE_ADDRESS] = "wampd.blocked and allowed_ips tell why",
	[HTTP_CAUSE_FORWARDED] = "let the proxy remove one of the fields",
	[HTTP_CAUSE_ORIGIN] = "no key allows it",
	[HTTP_CAUSE_NO_ORIGIN] = "to allow it, remove origins",
	[HTTP_CAUSE_NOT_FOUND] = "to allow it, set websocket.paths",
	[HTTP_CAUSE_NO_SUBPROTOCOL] = "to allow it, remove require_subprotocol",
	[HTTP_CAUSE_NO_PROOF] = "to allow it, set anonymous",
	[HTTP_CAUSE_TICKET_FUTURE] = "set the clocks of both servers",
	[HTTP_CAUSE_TICKET_EXPIRED] = "the client needs a new one",
	[HTTP_CAUSE_TICKET_REPLAYED] = "the client needs a new one",
	[HTTP_CAUSE_UNKNOWN_USER] =
	    "to allow it, set tickets.oro.users or tickets.oro.command",
	[HTTP_CAUSE_WRONG_TICKET] =
	    "does the application have the same secrets?",
	[HTTP_CAUSE_UNKNOWN_KEY] =
	    "to allow it, set tickets.paseto.keys or tickets.jwt.keys",
	[HTTP_CAUSE_TICKET_FOREIGN] =
	    "compare it with audience and issuer below tickets",
	[HTTP_CAUSE_LOOKUP_FAILED] = "the log has what the program said",
	[HTTP_CAUSE_BUSY] =
	    "to allow more, raise tickets.oro.queue or cookie.queue",
	[HTTP_CAUSE_TIMEOUT] = "to allow it, raise limits.handshake",
	[HTTP_CAUSE_FULL] = "to allow more, raise limits.sessions",
	[HTTP_CAUSE_FULL_ADDRESS] =
	    "set trusted_proxies, or raise limits.sessions_address",
	[HTTP_CAUSE_FULL_USER] = "to allow more, raise limits.sessions_user",
};

/* As registered by IANA. */
static const struct {
	unsigned    status;
	const char *reason;
} reasons[] = {
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 426, "Upgrade Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

static const char *
reason_of(unsigned status)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

const char *
http_cause_name(enum http_cause cause)
{
	return causes[cause].name;
}

unsigned
http_cause_status(enum http_cause cause)
{
	return causes[cause].status;
}

const char *
http_cause_remedy(enum http_cause cause)
{
	return remedies[cause];
}

/* The sentence, and what is spoken instead. */
static int
write_body(const struct http_refusal *r, struct buf *out)
{
	const char *const *name = r->names, *before = ": ";

	if (buf_add_str(out, causes[r->cause].text) == -1)
		return -1;
	for (; name != NULL && *name != NULL; name++, before = ", ")
		if (buf_addf(out, "%s%s", before, *name) == -1)
			return -1;
	return buf_add_str(out, ".\n");
}

static int
write_head(const struct http_refusal *r, size_t length, struct buf *out)
{
	const struct cause *c = &causes[r->cause];

	if (buf_addf(out, "HTTP/1.1 %u %s\r\n", c->status,
	    reason_of(c->status)) == -1 || http_date_write(r->date, out) == -1)
		return -1;
	if (c->fields != NULL && buf_add_str(out, c->fields) == -1)
		return -1;
	if (r->retry_after > 0 && buf_addf(out, "Retry-After: %u\r\n",
	    r->retry_after) == -1)
		return -1;
	if (r->extra != NULL && buf_add_str(out, r->extra) == -1)
		return -1;
	return buf_addf(out, "Connection: %s\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    c->connection != NULL ? c->connection : "close", length);
}

int
http_refusal_write(const struct http_refusal *r, bool head_only,
    struct buf *out)
{
	struct buf body = { 0 };
	int rc = -1;

	if (write_body(r, &body) == -1 || write_head(r, body.len, out) == -1)
		goto out;
	rc = head_only ? 0 : buf_add_slice(out, buf_slice(&body));
out:
	buf_clear(&body);
	return rc;
}
