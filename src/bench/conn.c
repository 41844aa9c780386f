/*
 * conn.c: one session of the load.
 */
#include "bench/conn.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "proto/http_head.h"
#include "bench/tls.h"

enum exit_status
conn_error(const struct conn *c, enum exit_status st, struct errbuf *e)
{
	err_wrap(e, "session %u", (unsigned)c->index);
	return st;
}

static enum exit_status
conn_fail_errno(const struct conn *c, enum exit_status st, const char *what,
    struct errbuf *e)
{
	err_set_errno(e, "%s", what);
	return conn_error(c, st, e);
}

static enum exit_status
conn_nomem(const struct conn *c, struct errbuf *e)
{
	err_set(e, "out of memory");
	return conn_error(c, EXIT_WORK, e);
}

/* Ask epoll for the events that the state needs.  Writability is asked for only
 * while it is needed, so a session that only reads costs one epoll_ctl(). */
static enum exit_status
conn_watch(struct conn *c, int op, bool blocked, struct errbuf *e)
{
	struct epoll_event ev = {
		.events = blocked ? EPOLLIN | EPOLLOUT : EPOLLIN,
		.data.ptr = c,
	};

	if (epoll_ctl(c->epoll, op, c->fd, &ev) == -1)
		return conn_fail_errno(c, EXIT_WORK, "epoll_ctl", e);
	c->blocked = blocked;
	return EXIT_DONE;
}

/*
 * A Unix socket connects blocking: while the server's backlog is full, a
 * non-blocking one fails with EAGAIN and nothing tells when to try again.
 */
enum exit_status
conn_start(struct conn *c, struct errbuf *e)
{
	const struct sockaddr *to = (const struct sockaddr *)&c->server->addr;
	int flags = to->sa_family == AF_UNIX ? 0 : SOCK_NONBLOCK;
	const int on = 1;

	c->fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (c->fd == -1)
		return conn_fail_errno(c, EXIT_WORK, "socket", e);
	if (to->sa_family != AF_UNIX)
		(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on,
		    sizeof(on));
	c->state = CONN_CONNECTING;
	c->start_us = clock_us();
	if (server_bind(c->server, c->fd, c->index) == -1 ||
	    (connect(c->fd, to, c->server->addr_len) == -1 &&
	    errno != EINPROGRESS))
		return conn_fail_errno(c, EXIT_CONNECT, "connect", e);
	return conn_watch(c, EPOLL_CTL_ADD, true, e);
}

/* Ask the server for its greeting, unless it sends it unasked. */
static enum exit_status
conn_begin(struct conn *c, struct errbuf *e)
{
	const struct protocol *p = c->server->protocol;
	struct buf text = { 0 };
	enum exit_status st = EXIT_DONE;

	c->state = c->server->greets ? CONN_WELCOME : CONN_OPEN;
	if (p->greet == NULL)
		return EXIT_DONE;
	if (p->greet(&text, c->index) == -1)
		st = conn_nomem(c, e);
	else
		st = conn_queue(c, buf_slice(&text), e);
	buf_clear(&text);
	return st;
}

/* The connection is ready: begin with the protocol. */
static enum exit_status
conn_speak(struct conn *c, struct errbuf *e)
{
	const struct buf *request = &c->server->request;
	enum exit_status st = EXIT_DONE;

	if (c->server->protocol->wire != WIRE_WS) {
		st = conn_begin(c, e);
	} else {
		c->state = CONN_HTTP;
		if (buf_add(&c->out, request->data, request->len) == -1)
			st = conn_nomem(c, e);
	}
	return st == EXIT_DONE ? conn_flush(c, e) : st;
}

enum exit_status
conn_handshake(struct conn *c, struct errbuf *e)
{
	enum tls_step step = tls_handshake(c->tls, e);

	if (step == TLS_DONE)
		return conn_speak(c, e);
	if (step == TLS_FAILED)
		return conn_error(c, EXIT_CONNECT, e);
	if (c->blocked == (step == TLS_WRITE))
		return EXIT_DONE;
	return conn_watch(c, EPOLL_CTL_MOD, step == TLS_WRITE, e);
}

static enum exit_status
conn_connected(struct conn *c, struct errbuf *e)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		error = errno;
	if (error != 0) {
		errno = error;
		return conn_fail_errno(c, EXIT_CONNECT, "connect", e);
	}
	if (c->server->tls == NULL)
		return conn_speak(c, e);
	c->tls = tls_new(c->server->tls, c->server->host, c->fd, e);
	if (c->tls == NULL)
		return conn_error(c, EXIT_CONNECT, e);
	c->state = CONN_TLS;
	return conn_handshake(c, e);
}

enum exit_status
conn_writable(struct conn *c, struct errbuf *e)
{
	if (c->state == CONN_CONNECTING)
		return conn_connected(c, e);
	if (c->state == CONN_TLS)
		return conn_handshake(c, e);
	return conn_flush(c, e);
}

enum exit_status
conn_queue(struct conn *c, struct slice text, struct errbuf *e)
{
	if (wire_add(&c->out, c->server->protocol->wire, WIRE_TEXT, text) == -1)
		return conn_nomem(c, e);
	return EXIT_DONE;
}

ssize_t
conn_recv(struct conn *c, char *p, size_t len)
{
	if (c->tls != NULL)
		return tls_recv(c->tls, p, len);
	return recv(c->fd, p, len, MSG_DONTWAIT);
}

static ssize_t
conn_send(struct conn *c, const char *p, size_t len)
{
	if (c->tls != NULL)
		return tls_send(c->tls, p, len);
	return send(c->fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

enum exit_status
conn_flush(struct conn *c, struct errbuf *e)
{
	bool blocked = false;
	ssize_t n;

	while (c->out.len > 0 && !blocked) {
		n = conn_send(c, c->out.data, c->out.len);
		if (n > 0)
			buf_consume(&c->out, (size_t)n);
		else if (errno == EAGAIN)
			blocked = true;
		else if (errno != EINTR)
			return conn_fail_errno(c, EXIT_LOST, "send", e);
	}
	if (blocked == c->blocked)
		return EXIT_DONE;
	return conn_watch(c, EPOLL_CTL_MOD, blocked, e);
}

/* The HTTP answer must be 101; otherwise its first line is the error. */
enum exit_status
conn_greet_http(struct conn *c, struct slice *in, struct errbuf *e)
{
	struct http_status st;
	struct slice head;

	if (!http_head_cut(&head, in))
		return EXIT_DONE;
	if (!http_status_read(&st, head) || st.minor != 1 || st.code != 101) {
		err_set(e, "refused: %.*s", (int)st.line.len, st.line.p);
		return conn_error(c, EXIT_CONNECT, e);
	}
	return conn_begin(c, e);
}

enum exit_status
conn_greet(struct conn *c, struct slice *in, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct wire_msg m;

	/* With another protocol, its pong sets CONN_OPEN in here. */
	if (!conn_next(c, in, &m, &st, e))
		return st;
	if (!slice_starts(m.text, SLICE("[0,"))) {
		err_set(e, "the first message is not WELCOME: %.*s",
		    (int)(m.text.len < 80 ? m.text.len : 80), m.text.p);
		return conn_error(c, EXIT_CONNECT, e);
	}
	c->state = CONN_OPEN;
	return EXIT_DONE;
}

static enum exit_status
conn_closed(struct conn *c, struct slice payload, struct errbuf *e)
{
	const unsigned char *p = (const unsigned char *)payload.p;

	if (payload.len < 2)
		err_set(e, "closed by the server");
	else
		err_set(e, "closed by the server: %d %.*s", p[0] << 8 | p[1],
		    (int)payload.len - 2, payload.p + 2);
	return conn_error(c, EXIT_LOST, e);
}

/* The first one answers the greeting. */
static void
conn_pong(struct conn *c)
{
	if (c->state == CONN_WELCOME)
		c->state = CONN_OPEN;
	else
		c->pongs++;
}

enum exit_status
conn_control(struct conn *c, const struct wire_msg *m, struct errbuf *e)
{
	const struct protocol *p = c->server->protocol;

	switch (m->kind) {
	case WIRE_PING:
		if (p->pong.len > 0)
			return conn_queue(c, p->pong, e);
		if (wire_add(&c->out, WIRE_WS, WIRE_PONG, m->text) == -1)
			return conn_nomem(c, e);
		return EXIT_DONE;
	case WIRE_PONG:
		if (p->ping.len > 0)
			conn_pong(c);
		return EXIT_DONE;
	case WIRE_OTHER:
		return EXIT_DONE;
	case WIRE_ERROR:
		err_set(e, "the server says: %.*s", (int)(m->text.len < 160 ?
		    m->text.len : 160), m->text.p);
		return conn_error(c, EXIT_REFUSED, e);
	case WIRE_CLOSE:
		return conn_closed(c, m->text, e);
	default:
		err_set(e, "a frame is not a text message: 0x%02x", m->kind);
		return conn_error(c, EXIT_LOST, e);
	}
}

void
conn_close(struct conn *c)
{
	tls_free(c->tls);
	c->tls = NULL;
	if (c->fd != -1)
		(void)close(c->fd);
	c->fd = -1;
	buf_clear(&c->rest);
	buf_clear(&c->out);
}
