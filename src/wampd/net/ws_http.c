/*
 * ws_http.c: letting a server of HTTP answer a request.
 *
 * The server gets a head that says what is asked for.  What it answers goes to
 * the client.  What the client sends meanwhile is dropped.
 */
#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"
#include "wampd/net/ws_relay.h"

/* ---- the head ---- */

/*
 * The fields that choose the answer.  The server does not get others: who the
 * client is, is said by the verdict; what is about the connection or about
 * content does not hold any more; and libwebsockets 4.1 fails if a name that it
 * does not know is the beginning of one that it knows.
 */
static bool
is_passed_on(const struct http_field *f)
{
	static const char *const names[] = { "accept", "accept-encoding",
	    "accept-language", "cache-control", "if-match",
	    "if-modified-since", "if-none-match", "if-range",
	    "if-unmodified-since", "origin", "range", "referer", "user-agent",
	    NULL };
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (http_token_eq(f->name, names[i]))
			return true;
	return false;
}

static int
add_field(struct buf *out, const char *name, struct slice value)
{
	return buf_add_str(out, name) == -1 || buf_add_str(out, ": ") == -1 ||
	    buf_add_slice(out, value) == -1 || buf_add_str(out, "\r\n") == -1 ?
	    -1 : 0;
}

static int
write_head(const struct http_request *req, struct buf *out)
{
	struct slice fields = req->fields;
	struct http_field f;

	if (buf_addf(out, "%.*s %.*s%s%.*s HTTP/1.1\r\n",
	    (int)req->method.len, req->method.p, (int)req->path.len,
	    req->path.p, req->query.len > 0 ? "?" : "", (int)req->query.len,
	    req->query.p) == -1 ||
	    add_field(out, "Connection", SLICE("close")) == -1 ||
	    add_field(out, "Host", req->authority) == -1)
		return -1;
	while (http_field_next(&fields, &f))
		if (is_passed_on(&f) && (buf_add_slice(out, f.name) == -1 ||
		    add_field(out, "", f.value) == -1))
			return -1;
	return buf_add_str(out, "\r\n");
}

/* ---- answers that end early ---- */

/* There will be no more answer.  Who got nothing of it is told. */
static void
conn_fail(struct ws_conn *c)
{
	const struct http_refusal why = { .cause = HTTP_CAUSE_INTERNAL };

	if (c->visit->relay->answered)
		conn_close(c);
	else
		conn_refuse(c, &why, c->visit->relay->head_only);
}

/* Its time is up.  But a slow peer may have taken a part of what waits for
 * it. */
static void
relay_is_late(struct relay *r)
{
	uint64_t before = r->taken;
	bool more;

	if (r->conn == NULL) {
		relay_close(r);
		return;
	}
	r->taken = stream_taken(&r->conn->stream, &more);
	if (r->taken != before)
		relay_note_progress(r);
	else
		conn_fail(r->conn);
}

bool
relays_end_late(struct ws *w)
{
	struct visit *v = visits_late(&w->relays, w->broker->now);

	if (v != NULL)
		relay_is_late(relay_of_visit(v));
	return v != NULL;
}

bool
relays_end_oldest(struct ws *w, int64_t before)
{
	struct visit *v = visits_older(&w->relays, before);
	struct relay *r;

	if (v == NULL)
		return false;
	r = relay_of_visit(v);
	if (r->conn != NULL)
		conn_close(r->conn);
	relay_close(r);
	return true;
}

/* ---- what the server answers ---- */

void
conn_relay_more(struct ws_conn *c)
{
	stream_pause(&c->visit->relay->stream, false);
}

static size_t
on_answer(struct stream *s, char *p, size_t n)
{
	struct relay *r = (struct relay *)(void *)s;
	struct ws_conn *c = r->conn;

	if (c == NULL)
		return n;
	r->answered = true;
	relay_note_progress(r);
	if (stream_put(&c->stream, p, n) == -1)
		conn_close(c);
	else if (stream_is_blocked(&c->stream))
		stream_pause(s, true);
	return n;
}

/* Without a connection, the end of input is our own doing.  With one, the peer
 * has taken everything, because the relay would be paused otherwise. */
static void
on_answered(struct stream *s, bool broken)
{
	struct relay *r = (struct relay *)(void *)s;
	struct ws_conn *c = r->conn;

	if (c == NULL) {
		if (broken)
			relay_close(r);
		return;
	}
	r->over = true;
	if (r->answered)
		conn_farewell(c);
	else
		conn_fail(c);
}

static void
on_writable(struct stream *s)
{
	(void)s;		/* nothing is written to the server */
}

static void
on_closed(struct stream *s)
{
	free(s);
}

static const struct stream_ops relay_ops = {
	.half_close = true,
	.input = on_answer,
	.ended = on_answered,
	.writable = on_writable,
	.closed = on_closed,
};

/* ---- handing over ---- */

/* The connection goes from the door to the relays.  If these are too many, the
 * one without progress for the longest time must go. */
static void
conn_enter_relay(struct ws_conn *c, struct relay *r)
{
	struct ws *w = c->ws;

	door_leave(&w->door, &c->visit->visit);
	conn_move(c, CONN_RELAYED);
	c->visit->relay = r;
	if (visits_excess(&w->relays) != NULL)
		(void)relays_end_oldest(w, INT64_MAX);
}

static void
log_visit(const struct site_server *server, const struct site_visit *v)
{
	struct buf text = { 0 };

	if (log_on(LOG_LEVEL_DEBUG) && address_describe(&v->peer, &text) == 0)
		log_debug("transport=ws address=%s server=%s",
		    log_quote(buf_slice(&text)).s, server->name);
	buf_clear(&text);
}

int
conn_hand_over(struct ws_conn *c, const struct site_server *server,
    const struct http_request *req, const struct principal *principal)
{
	struct site_visit v = {
		.path = req->path,
		.principal = principal,
		.peer = c->visit->peer,
		.tls = c->stream.tls != NULL,
	};
	struct buf head = { 0 };
	struct relay *r;

	if (write_head(req, &head) == -1 ||
	    (r = relay_new(c, &relay_ops, &v.fd)) == NULL) {
		buf_clear(&head);
		return -1;
	}
	r->head_only = http_request_is_head(req);
	v.read = buf_slice(&head);
	conn_enter_relay(c, r);
	log_visit(server, &v);
	server->serve(server->arg, &v);
	buf_clear(&head);
	return 0;
}
