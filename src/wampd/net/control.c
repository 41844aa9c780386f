/*
 * control.c: the control socket's transport: WAMP messages, one a line.
 */
#include "wampd/net/control.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/receive.h"
#include "wampd/net/local_users.h"
#include "wampd/net/pass.h"
#include "wampd/net/stream.h"
#include "wampd/wamp1/wamp1.h"

struct control_conn {
	struct stream	stream;		/* first: ops get its address */
	struct control *control;
	struct session *session;	/* NULL after it is closed */
	struct ucred	cred;
	size_t		searched;	/* bytes of the rest that have no
					 * newline */
	bool		input_ended;	/* on_ended() was called */
};

struct control {
	struct broker  *broker;		/* borrowed */
	struct streams *streams;	/* borrowed */
	struct local_users users;
};

static struct control_conn *
conn_of(struct stream *s)
{
	return (struct control_conn *)(void *)((char *)s -
	    offsetof(struct control_conn, stream));
}

static bool
is_open(const struct control_conn *c)
{
	return c->session != NULL && c->session->state == SESSION_OPEN;
}

/* ---- what the core asks for ---- */

static ssize_t
control_write(void *arg, const char *p, size_t n)
{
	struct control_conn *c = arg;
	ssize_t sent = stream_write(&c->stream, p, n);

	if (stream_is_blocked(&c->stream))
		session_block(c->session);
	return sent;
}

static void
control_close_conn(void *arg, uint16_t code, const char *reason,
    struct slice unsent)
{
	struct control_conn *c = arg;

	(void)code;
	(void)reason;	/* a message has told the peer */
	(void)unsent;
	c->session = NULL;
	stream_close(&c->stream);
}

static void
control_pause(void *arg, bool on)
{
	struct control_conn *c = arg;

	stream_pause(&c->stream, on);
}

static uint64_t
control_taken(void *arg, bool *more)
{
	const struct control_conn *c = arg;

	return stream_taken(&c->stream, more);
}

static int
control_describe(void *arg, struct buf *out)
{
	struct control_conn *c = arg;

	return buf_addf(out, "pid:%ld", (long)c->cred.pid);
}

static const struct transport_ops control_ops = {
	.name = "control",
	.wire = WIRE_LINE,
	.keepalive = false,
	.trusted = true,
	.write = control_write,
	.close = control_close_conn,
	.pause = control_pause,
	.taken = control_taken,
	.describe = control_describe,
};

/* ---- input ---- */

/* Handle the complete lines.  Returns how many bytes were handled; it stops
 * early if the session must not be handled further now. */
static size_t
conn_lines(struct control_conn *c, const char *p, size_t len)
{
	struct broker *b = c->control->broker;
	uint64_t most = b->stats.deliveries + STREAM_DELIVERIES;
	size_t at = 0, from = c->searched, end;
	const char *nl;

	c->searched = 0;
	while (from < len && (nl = memchr(p + from, '\n', len - from)) !=
	    NULL) {
		end = (size_t)(nl - p);
		if (end > at && p[end - 1] == '\r')
			end--;
		if (end > at && !receive_message(c->session,
		    slice_of(p + at, end - at), false))
			return (size_t)(nl - p) + 1;
		from = at = (size_t)(nl - p) + 1;
		if (b->stats.deliveries >= most && at < len) {
			stream_yield(&c->stream);
			return at;
		}
	}
	c->searched = len - at;
	return at;
}

static size_t
on_input(struct stream *s, char *p, size_t n)
{
	struct control_conn *c = conn_of(s);
	size_t used;

	if (!is_open(c))
		return n;		/* it will be closed */
	used = conn_lines(c, p, n);
	if (is_open(c) && !c->session->paused && !s->resumed &&
	    n - used > c->control->broker->set.limit_message) {
		receive_oversized(c->session);
		session_doom(c->session, 0, "an endless line");
	}
	return used;
}

/* The last line may lack its newline. */
static void
on_ended(struct stream *s, bool broken)
{
	struct control_conn *c = conn_of(s);
	struct slice rest = stream_rest(s);

	if (c->session == NULL || c->session->state == SESSION_DOOMED)
		return;
	if (rest.len > 0 && is_open(c) && !c->input_ended)
		(void)receive_message(c->session, rest, false);
	c->input_ended = true;
	session_end_input(c->session);
	if (broken)
		session_doom(c->session, 0, "the peer left");
}

static void
on_writable(struct stream *s)
{
	struct control_conn *c = conn_of(s);

	if (c->session != NULL)
		session_writable(c->session);
}

static void
on_closed(struct stream *s)
{
	free(conn_of(s));
}

static const struct stream_ops stream_ops = {
	.half_close = true,
	.input = on_input,
	.ended = on_ended,
	.writable = on_writable,
	.closed = on_closed,
};

/* ---- for the process that takes over ---- */

static struct control_conn *
conn_of_session(const struct session *s)
{
	return s->ops == &control_ops ? s->conn : NULL;
}

bool
control_peer(const struct session *s, struct ucred *out)
{
	const struct control_conn *c = conn_of_session(s);

	if (c != NULL)
		*out = c->cred;
	return c != NULL;
}

int
control_send(struct session *s, struct slice line, const int *fds, size_t n)
{
	struct control_conn *c = conn_of_session(s);

	if (c == NULL) {
		errno = ENOTCONN;
		return -1;
	}
	session_flush(s);
	if (queue_empty(&s->queue) && !s->blocked)
		return pass_send(c->stream.fd, line, fds, n);
	errno = EAGAIN;
	return -1;
}

/* ---- life ---- */

struct control *
control_new(struct streams *streams, struct broker *b, struct errbuf *e)
{
	struct control *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	t->broker = b;
	t->streams = streams;
	return t;
}

/* NULL with fd closed when out of memory. */
static struct control_conn *
conn_new(struct control *t, int fd)
{
	struct control_conn *c = calloc(1, sizeof(*c));
	socklen_t len = sizeof(c->cred);

	if (c == NULL ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c->cred, &len) == -1) {
		(void)close(fd);
		free(c);
		return NULL;
	}
	c->control = t;
	if (stream_open(&c->stream, t->streams, &stream_ops, fd, NULL) == 0)
		return c;
	free(c);
	return NULL;
}

static struct session *
conn_open(struct control_conn *c)
{
	struct control *t = c->control;
	const struct principal *p = local_users_obtain(&t->users, c->cred.uid);
	struct session *s;

	if (p == NULL) {
		log_err("transport=control refused: out of memory");
		return NULL;
	}
	s = lobby_open(t->broker, &control_ops, &protocol_wamp1, c, p);
	principal_unref(p);
	return s;
}

void
control_adopt(struct control *t, int fd)
{
	struct control_conn *c;

	streams_set_now(t->streams);
	if ((c = conn_new(t, fd)) == NULL)
		log_err("transport=control refused: out of memory");
	else if ((c->session = conn_open(c)) == NULL)
		stream_close(&c->stream);
	else
		session_flush(c->session);
}

void
control_free(struct control *t)
{
	if (t == NULL)
		return;
	local_users_clear(&t->users);
	free(t);
}
