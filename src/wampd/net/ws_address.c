/*
 * ws_address.c: where a peer is, and whether it may come from there.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "wampd/auth/addresses.h"
#include "wampd/core/broker.h"
#include "wampd/net/forwarded.h"
#include "wampd/net/ws_conn.h"

#define DRAIN	4096	/* bytes */

bool
ws_admits(const struct ws *w, const struct address *peer)
{
	return w->addresses == NULL ||
	    addresses_admit(w->addresses, peer, w->broker->wall());
}

bool
conn_is_admitted(const struct ws_conn *c)
{
	return c->visit->plain || ws_admits(c->ws, &c->visit->peer);
}

bool
ws_trusts(const struct ws *w, const struct address *peer)
{
	return w->addresses != NULL && addresses_trust(w->addresses, peer);
}

/* ---- at once ---- */

/* What has come already is read, because the kernel would answer it with a
 * reset, which can destroy our answer.  We do not wait for more: such a peer
 * must cost nothing. */
static void
answer_socket(int fd, const struct http_refusal *why)
{
	struct buf out = { 0 };
	char drained[DRAIN];

	if (http_refusal_write(why, false, &out) == 0) {
		(void)send(fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		(void)shutdown(fd, SHUT_WR);
		(void)recv(fd, drained, sizeof(drained), MSG_DONTWAIT);
	}
	buf_clear(&out);
}

/* The address of a proxy says nothing about its clients: theirs are looked at
 * when they are known. */
bool
ws_receives(struct ws *w, int fd, const struct address *peer, bool tls)
{
	const struct http_refusal why = {
		.cause = HTTP_CAUSE_ADDRESS,
		.date = (time_t)(w->broker->wall() / 1000),
	};

	if (ws_trusts(w, peer) || ws_admits(w, peer))
		return true;
	ws_refused(w, peer, &why, !tls);
	if (!tls)
		answer_socket(fd, &why);
	(void)close(fd);
	return false;
}

/* ---- later ---- */

int
conn_enter(struct ws_conn *c)
{
	static const struct address unknown = { .u.sa.sa_family = AF_UNSPEC };
	const struct address *peer = &c->visit->peer;
	struct ws *w = c->ws;
	struct visit *oldest;

	/* All clients of a proxy come from its address. */
	if (c->visit->proxied)
		peer = &unknown;
	if (door_enter(&w->door, &c->visit->visit, peer,
	    w->broker->now) == -1)
		return -1;
	oldest = door_excess(&w->door, &c->visit->visit);
	if (oldest != NULL) {
		w->broker->stats.handshakes_displaced++;
		conn_close(conn_of_visit(oldest));
	}
	return 0;
}

bool
conn_is_at(struct ws_conn *c, const struct address *real)
{
	struct ws *w = c->ws;
	struct visit *v = &c->visit->visit, *oldest;

	if (c->real == NULL)
		c->real = malloc(sizeof(*c->real));
	if (c->real == NULL || door_move(&w->door, v, real) == -1) {
		log_err("transport=ws refused: out of memory");
		conn_close(c);
		return false;
	}
	c->visit->peer = *c->real = *real;
	oldest = v->origin != NULL ? door_excess(&w->door, v) : NULL;
	if (oldest != NULL) {
		w->broker->stats.handshakes_displaced++;
		conn_close(conn_of_visit(oldest));
	}
	return c->state != CONN_GONE;
}

static bool
trust(const void *arg, const struct address *a)
{
	return ws_trusts(arg, a);
}

/* Read what the proxy tells.  0 or -1. */
static int
conn_ask_proxy(struct ws_conn *c, const struct http_request *req,
    struct slice *host)
{
	struct forwarded f;

	if (forwarded_read(req->fields, trust, c->ws, &f) == -1)
		return -1;
	*host = f.host;
	if (c->visit->located)
		return 0;
	c->visit->located = true;
	return f.client.u.sa.sa_family == AF_UNSPEC ||
	    conn_is_at(c, &f.client) ? 0 : -1;
}

/* The lists may have changed since the connection was accepted. */
int
conn_locate(struct ws_conn *c, const struct http_request *req,
    struct slice *host, struct http_refusal *why)
{
	*host = SLICE("");
	why->cause = HTTP_CAUSE_FORWARDED;
	if (c->visit->trusted && conn_ask_proxy(c, req, host) == -1)
		return -1;
	why->cause = HTTP_CAUSE_ADDRESS;
	return conn_is_admitted(c) ? 0 : -1;
}
