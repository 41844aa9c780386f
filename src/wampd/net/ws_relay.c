/*
 * ws_relay.c: handing a connection over to a server of HTTP.
 *
 * In clear text the server gets the socket itself.  Behind our TLS it gets one
 * end of a socket pair, and what comes out of the other end is encrypted for
 * the peer.  The head is given to the server as if the client had asked for the
 * connection to be closed after the answer, so it serves no request that was
 * not judged.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"

/* The end of a socket pair that is ours. */
struct relay {
	struct stream	stream;		/* first */
	struct ws_conn *conn;		/* NULL: it is gone */
};

/* ---- the head ---- */

/* Fields between two hops: ours replace those of the client. */
static bool
is_of_hop(const struct http_field *f)
{
	static const char *const names[] = { "connection", "keep-alive",
	    "proxy-connection", "upgrade", "expect", NULL };
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		if (http_token_eq(f->name, names[i]))
			return true;
	return false;
}

static int
write_head(const struct http_request *req, struct buf *out)
{
	struct slice fields = req->fields;
	struct http_field f;

	if (buf_addf(out, "%.*s %.*s HTTP/1.%u\r\nConnection: close\r\n",
	    (int)req->method.len, req->method.p, (int)req->target.len,
	    req->target.p, req->minor) == -1)
		return -1;
	while (http_field_next(&fields, &f))
		if (!is_of_hop(&f) && (buf_add_slice(out, f.name) == -1 ||
		    buf_add_str(out, ": ") == -1 ||
		    buf_add_slice(out, f.value) == -1 ||
		    buf_add_str(out, "\r\n") == -1))
			return -1;
	return buf_add_str(out, "\r\n");
}

/* ---- what the server answers ---- */

static size_t
on_answer(struct stream *s, char *p, size_t n)
{
	struct relay *r = (struct relay *)(void *)s;

	if (r->conn == NULL || r->conn->state != CONN_RELAYED)
		return n;
	if (stream_put(&r->conn->stream, p, n) == -1)
		conn_close(r->conn);
	else if (stream_is_blocked(&r->conn->stream))
		stream_pause(s, true);
	return n;
}

static void
on_answered(struct stream *s, bool broken)
{
	struct relay *r = (struct relay *)(void *)s;
	struct ws_conn *c = r->conn;

	(void)broken;
	r->conn = NULL;
	if (c != NULL)
		c->visit->relay = NULL;
	if (c != NULL && c->state == CONN_RELAYED)
		conn_farewell(c);
	stream_close(s);
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

void
conn_relay_more(struct ws_conn *c)
{
	if (c->visit->relay != NULL)
		stream_pause(&c->visit->relay->stream, false);
}

void
conn_end_relay(struct ws_conn *c)
{
	struct relay *r = c->visit->relay;

	if (r == NULL)
		return;
	c->visit->relay = NULL;
	r->conn = NULL;
	stream_close(&r->stream);
}

/* ---- handing over ---- */

/* Put a relay between the connection and the server.  Returns the server's
 * descriptor, or -1. */
static int
conn_begin_relay(struct ws_conn *c)
{
	struct relay *r = calloc(1, sizeof(*r));
	int fd[2];

	if (r == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0, fd) == -1) {
		free(r);
		return -1;
	}
	if (stream_open(&r->stream, c->ws->streams, &relay_ops, fd[0],
	    NULL) == -1) {
		(void)close(fd[1]);
		free(r);
		return -1;
	}
	r->conn = c;
	c->visit->relay = r;
	return fd[1];
}

/* The visit of the door is over, and with TLS the connection remains ours. */
static int
conn_part(struct ws_conn *c)
{
	int fd;

	if (c->stream.tls != NULL) {
		if ((fd = conn_begin_relay(c)) == -1)
			return -1;
		door_leave(&c->ws->door, &c->visit->visit);
		conn_move(c, CONN_RELAYED);
		return fd;
	}
	door_leave(&c->ws->door, &c->visit->visit);
	conn_move(c, CONN_GONE);
	return stream_take_fd(&c->stream);
}

int
conn_hand_over(struct ws_conn *c, const struct site_server *server,
    const struct http_request *req, const struct principal *principal)
{
	struct site_visit v = {
		.path = req->path,
		.tls = c->stream.tls != NULL,
		.peer = c->visit->peer,
		.principal = principal,
	};
	struct buf head = { 0 };
	int rc = -1;

	if (write_head(req, &head) == 0 && (v.fd = conn_part(c)) != -1) {
		v.read = buf_slice(&head);
		server->serve(server->arg, &v);
		rc = 0;
	}
	buf_clear(&head);
	return rc;
}
