/*
 * control.c: the control socket's transport: WAMP messages, one a line.
 *
 * It uses recv() into one large buffer and send(), on a uv_poll handle.  A
 * uv_pipe would allocate memory for each read and each write.
 */
#include "wampd/net/control.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/receive.h"
#include "wampd/net/local_users.h"
#include "wampd/net/progress.h"
#include "wampd/wamp1/wamp1.h"

#define CONTROL_READ	(256u << 10)	/* bytes read per turn and peer */
#define CONTROL_DELIVERIES (64u << 10)	/* deliveries per read */

struct control_conn {
	TAILQ_ENTRY(control_conn) link;	/* control->resumed */
	struct control *control;
	struct session *session;	/* NULL after it is closed */
	struct ucred	cred;
	uv_poll_t	poll;
	int		fd;
	uint64_t	sent;		/* bytes */
	struct buf	rest;		/* read, but not handled yet */
	bool		paused;
	bool		eof;		/* the peer sends nothing more */
	bool		blocked;	/* waits until it is writable */
	bool		resumed;	/* on control->resumed */
};

TAILQ_HEAD(control_conns, control_conn);

struct control {
	struct broker *broker;		/* borrowed */
	uv_loop_t     *loop;		/* borrowed */
	uv_idle_t      idle;		/* runs while resumed is not empty */
	struct control_conns resumed;	/* have lines in rest to handle */
	struct local_users users;
	char	      *in;		/* owned; the input of one peer */
	size_t	       in_size;
};

static void conn_arm(struct control_conn *c);
static void conn_read(struct control_conn *c);
static void on_idle(uv_idle_t *handle);

/* Whether the peer has closed or was lost.  libuv reports that in different
 * ways, depending on the events that are watched and on bytes of ours that the
 * peer has not read, so we ask the kernel. */
static bool
conn_has_hung_up(const struct control_conn *c)
{
	struct pollfd p = { .fd = c->fd };

	return poll(&p, 1, 0) == 1;
}

/*
 * The peer reads nothing more.  Drop what is queued for it, so that nobody
 * waits for it.  What it wrote before is still handled; recv() reports the end
 * after that.  A paused peer is read when it is resumed, which arms the poll
 * again.
 */
static void
conn_hung_up(struct control_conn *c)
{
	c->blocked = false;
	session_writable(c->session);
	if (c->eof)
		session_doom(c->session, 0, "the peer left");
	if (c->session->state == SESSION_DOOMED)
		return;
	if (!c->paused && !c->resumed)
		conn_read(c);
	if (c->paused)
		(void)uv_poll_stop(&c->poll);
	else
		conn_arm(c);
}

static void
on_poll(uv_poll_t *handle, int status, int events)
{
	struct control_conn *c = handle->data;

	if (c->session == NULL || c->session->state == SESSION_DOOMED) {
		(void)uv_poll_stop(handle);	/* it will be closed */
		return;
	}
	broker_set_now(c->control->broker, (int64_t)uv_now(c->control->loop));
	if (status < 0 || (events & UV_PRIORITIZED)) {
		if (conn_has_hung_up(c))
			conn_hung_up(c);
		else
			session_doom(c->session, 0,
			    "the peer sent urgent data");
		return;
	}
	if (events & UV_WRITABLE) {
		c->blocked = false;
		session_writable(c->session);
		if (!c->blocked)
			conn_arm(c);	/* stop watching for that */
	}
	/* If it has lines in rest, on_idle() handles these first.  So rest
	 * stays smaller than a message, and fits into control->in with one
	 * read. */
	if ((events & UV_READABLE) && !c->paused && !c->eof && !c->resumed &&
	    c->session->state == SESSION_OPEN)
		conn_read(c);
}

/* Watch only for the events that are needed.  UV_PRIORITIZED stands for none:
 * it is urgent data, and hang-ups are reported with it. */
static void
conn_arm(struct control_conn *c)
{
	int events = 0;

	if (!c->paused && !c->eof)
		events |= UV_READABLE;
	if (c->blocked)
		events |= UV_WRITABLE;
	(void)uv_poll_start(&c->poll, events != 0 ? events : UV_PRIORITIZED,
	    on_poll);
}

/* ---- what the core asks for ---- */

static ssize_t
control_write(void *arg, const char *p, size_t n)
{
	struct control_conn *c = arg;
	ssize_t sent;

	sent = send(c->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent == -1) {
		/* The peer has closed, but may have written before, even
		 * before it was accepted: let recv() find the end. */
		if (!c->eof && (errno == EPIPE || errno == ECONNRESET))
			return (ssize_t)n;
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		sent = 0;
	}
	c->sent += (uint64_t)sent;
	if ((size_t)sent < n) {
		c->blocked = true;
		session_block(c->session);
		conn_arm(c);
	}
	return sent;
}

static void
on_conn_closed(uv_handle_t *handle)
{
	struct control_conn *c = handle->data;

	(void)close(c->fd);
	buf_clear(&c->rest);
	free(c);
}

static void
control_close_conn(void *arg, uint16_t code, const char *reason)
{
	struct control_conn *c = arg;

	(void)code;
	(void)reason;	/* a message has told the peer */
	c->session = NULL;
	if (c->resumed)
		TAILQ_REMOVE(&c->control->resumed, c, link);
	uv_close((uv_handle_t *)&c->poll, on_conn_closed);
}

/* Handle the rest of the last read in the next turn. */
static void
conn_resume(struct control_conn *c)
{
	if (c->resumed)
		return;
	c->resumed = true;
	TAILQ_INSERT_TAIL(&c->control->resumed, c, link);
	(void)uv_idle_start(&c->control->idle, on_idle);
}

static void
control_pause(void *arg, bool on)
{
	struct control_conn *c = arg;

	c->paused = on;
	conn_arm(c);
	if (!on && c->rest.len > 0)
		conn_resume(c);
}

static uint64_t
control_taken(void *arg, bool *more)
{
	const struct control_conn *c = arg;

	return progress_of_socket(c->fd, c->sent, more);
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

/*
 * Handle the complete lines of these bytes.  Returns how many bytes were
 * handled; it stops early if the session must not be handled further now.  If a
 * read holds events for thousands of receivers, the rest waits for the next
 * turn, so that other peers need not wait long.
 */
static size_t
conn_lines(struct control_conn *c, const char *p, size_t len)
{
	const uint64_t *deliveries = &c->control->broker->stats.deliveries;
	uint64_t most = *deliveries + CONTROL_DELIVERIES;
	size_t at = 0, end;
	const char *nl;

	while (at < len && (nl = memchr(p + at, '\n', len - at)) != NULL) {
		end = (size_t)(nl - p);
		if (end > at && p[end - 1] == '\r')
			end--;
		if (end > at && !receive_message(c->session,
		    slice_of(p + at, end - at), false))
			return (size_t)(nl - p) + 1;
		at = (size_t)(nl - p) + 1;
		if (*deliveries >= most && at < len) {
			conn_resume(c);
			return at;
		}
	}
	return at;
}

/* Handle what was read, and keep the rest.  p points into the shared buffer, or
 * is the rest of the last read. */
static void
conn_process(struct control_conn *c, const char *p, size_t len)
{
	struct session *s = c->session;
	size_t used = conn_lines(c, p, len);
	size_t left = len - used;

	if (c->eof && left > 0 && !c->paused && !c->resumed &&
	    s->state == SESSION_OPEN) {
		/* The last line may lack its newline. */
		(void)receive_message(s, slice_of(p + used, left), false);
		left = 0;
	}
	if (!c->paused && !c->resumed &&
	    left > c->control->broker->set.limit_message) {
		receive_oversized(s);
		session_doom(s, 0, "an endless line");
	}
	if (p == c->rest.data) {
		buf_consume(&c->rest, used);
		c->rest.len = left;
	} else {
		buf_reset(&c->rest);
		if (buf_add(&c->rest, p + used, left) == -1)
			session_doom(s, 0, "out of memory");
	}
	if (c->rest.len == 0)
		buf_clear(&c->rest);
	if (c->eof && c->rest.len == 0)
		session_end_input(s);
}

/* Read once, and put the rest of the last read in front. */
static void
conn_read(struct control_conn *c)
{
	struct control *t = c->control;
	size_t left = c->rest.len;
	ssize_t n;

	if (left > 0)
		memcpy(t->in, c->rest.data, left);
	n = recv(c->fd, t->in + left, CONTROL_READ, MSG_DONTWAIT);
	if (n == -1) {
		if (errno != EAGAIN && errno != EINTR)
			session_doom(c->session, 0, "the peer left");
		return;
	}
	if (n == 0) {
		c->eof = true;
		conn_arm(c);
	}
	conn_process(c, t->in, left + (size_t)n);
}

/* Handle lines that were read before the peer was paused, or before its turn
 * was over. */
static void
on_idle(uv_idle_t *handle)
{
	struct control *t = handle->data;
	struct control_conns turn = TAILQ_HEAD_INITIALIZER(turn);
	struct control_conn *c;

	broker_set_now(t->broker, (int64_t)uv_now(t->loop));
	TAILQ_CONCAT(&turn, &t->resumed, link);
	while ((c = TAILQ_FIRST(&turn)) != NULL) {
		TAILQ_REMOVE(&turn, c, link);
		c->resumed = false;
		if (!c->paused && c->session->state == SESSION_OPEN)
			conn_process(c, c->rest.data, c->rest.len);
	}
	if (TAILQ_EMPTY(&t->resumed))
		(void)uv_idle_stop(handle);
}

/* ---- life ---- */

struct control *
control_new(uv_loop_t *loop, struct broker *b, struct errbuf *e)
{
	struct control *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		goto nomem;
	/* A rest is at most one message, or one read in which the peer was
	 * paused. */
	t->in_size = b->set.limit_message + 2 * CONTROL_READ;
	if ((t->in = malloc(t->in_size)) == NULL)
		goto nomem;
	t->broker = b;
	t->loop = loop;
	TAILQ_INIT(&t->resumed);
	(void)uv_idle_init(loop, &t->idle);
	t->idle.data = t;
	return t;
nomem:
	free(t);
	err_set(e, "out of memory");
	return NULL;
}

static struct control_conn *
conn_new(struct control *t, int fd)
{
	struct control_conn *c;
	socklen_t len = sizeof(c->cred);

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->control = t;
	c->fd = fd;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c->cred, &len) == -1 ||
	    uv_poll_init(t->loop, &c->poll, fd) != 0) {
		free(c);
		return NULL;
	}
	c->poll.data = c;
	return c;
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
	broker_set_now(t->broker, (int64_t)uv_now(t->loop));
	s = lobby_open(t->broker, &control_ops, &protocol_wamp1, c, p);
	principal_unref(p);
	return s;
}

void
control_adopt(struct control *t, int fd)
{
	struct control_conn *c;

	if ((c = conn_new(t, fd)) == NULL) {
		log_err("transport=control refused: out of memory");
		(void)close(fd);
		return;
	}
	if ((c->session = conn_open(c)) == NULL) {
		uv_close((uv_handle_t *)&c->poll, on_conn_closed);
		return;
	}
	session_flush(c->session);
	conn_arm(c);
}

void
control_close(struct control *t)
{
	if (t != NULL)
		uv_close((uv_handle_t *)&t->idle, NULL);
}

void
control_free(struct control *t)
{
	if (t == NULL)
		return;
	local_users_clear(&t->users);
	free(t->in);
	free(t);
}
