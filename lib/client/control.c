/*
 * control.c: the transport over the broker's Unix socket, one message a line.
 */
#include "client/transport.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/path.h"
#include "client/client.h"

#define CONTROL_READ	(256u << 10)	/* bytes asked for in one recv() */

struct control {
	int	   fd;
	bool	   unwritable;	/* the peer reads nothing more */
	bool	   closed;	/* the peer will send nothing more */
	int	   error;	/* errno of either; 0: an orderly end */
	struct buf out;		/* lines not yet sent */
	struct buf in;		/* received data, from the beginning of a
				 * line */
	size_t	   scanned;	/* bytes of in without a line end */
	uint64_t   reads;	/* reads that brought data */
	struct transport_up up;
};

/* ---- connecting ---- */

static void
control_free(void *conn)
{
	struct control *t = conn;

	if (t->fd != -1)
		(void)close(t->fd);
	buf_clear(&t->out);
	buf_clear(&t->in);
	free(t);
}

/* If the backlog is full, connect() waits; only SO_SNDTIMEO limits that. */
static void
control_bound_connect(int fd, int64_t until_ms)
{
	struct timeval tv;
	int64_t left;

	if (until_ms < 0)
		return;
	left = until_ms - clock_ms();
	if (left < 1)
		left = 1;
	tv.tv_sec = left / 1000;
	tv.tv_usec = left % 1000 * 1000;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

/* The error, and a hint. */
static void
control_explain(const char *path, int error, struct errbuf *e)
{
	const struct group *group = NULL;
	struct stat st;

	if (error == EACCES && stat(path, &st) == 0 &&
	    (st.st_mode & S_IWGRP) != 0)
		/* Not getgrgid_r(): a group may have any number of members. */
		group = getgrgid(st.st_gid);	/* NOLINT(concurrency-*) */
	if (group != NULL)
		err_set(e, "%s (the group %s may)", strerror(error),
		    group->gr_name);
	else
		err_set(e, "%s%s", strerror(error), error == ENOENT ||
		    error == ECONNREFUSED ? " (is wampd running?)" : "");
	err_wrap(e, "cannot connect to %s", path);
}

static enum exit_status
control_connect(int fd, const char *path, int64_t until_ms,
    struct client_attempt *attempt, struct errbuf *e)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(sun.sun_path)) {
		err_set(e, "%s: too long for the path of a socket", path);
		return EXIT_CONNECT;
	}
	memcpy(sun.sun_path, path, strlen(path));
	control_bound_connect(fd, until_ms);
	if (connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0)
		return EXIT_DONE;
	attempt->may_pass = errno == EAGAIN || errno == ENOENT ||
	    errno == ECONNREFUSED;
	if (errno == EAGAIN) {
		err_set(e, "%s: the broker does not accept the connection",
		    path);
		return EXIT_TIMEOUT;
	}
	control_explain(path, errno, e);
	return EXIT_CONNECT;
}

static enum exit_status
control_open(void **conn, const struct client_target *target,
    const struct transport_up *up, int64_t until_ms,
    struct client_attempt *attempt, struct errbuf *e)
{
	struct control *t;
	struct buf path = { 0 };
	enum exit_status status = EXIT_WORK;

	*conn = NULL;
	if ((t = calloc(1, sizeof(*t))) == NULL) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	t->up = *up;
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (t->fd == -1) {
		err_set_errno(e, "socket");
		goto out;
	}
	if (target->control == NULL && path_control_find(&path, e) == -1)
		goto out;
	status = control_connect(t->fd,
	    target->control != NULL ? target->control : path.data, until_ms,
	    attempt, e);
out:
	buf_clear(&path);
	if (status == EXIT_DONE)
		*conn = t;
	else
		control_free(t);
	return status;
}

/* ---- sending ---- */

/* White space between the tokens of an event may be a line end, which must not
 * end the message.  JSON has none inside strings, so a space means the same. */
static void
control_unbreak(char *p, size_t len)
{
	char *end = p + len;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL)
		*p++ = ' ';
}

static int
control_queue(void *conn, const struct slice *parts, size_t n)
{
	struct control *t = conn;
	size_t i, len = 1, start = t->out.len;
	char *p;

	for (i = 0; i < n; i++)
		len += parts[i].len;
	if (buf_reserve(&t->out, len) == -1)
		return -1;
	p = t->out.data + start;
	for (i = 0; i < n; i++) {
		if (parts[i].len == 0)
			continue;
		memcpy(p, parts[i].p, parts[i].len);
		p += parts[i].len;
	}
	control_unbreak(t->out.data + start, len - 1);
	*p = '\n';
	t->out.len += len;
	return 0;
}

static size_t
control_pending(const void *conn)
{
	const struct control *t = conn;

	return t->out.len;
}

static uint64_t
control_heard(const void *conn)
{
	const struct control *t = conn;

	return t->reads;
}

static int
control_fd(const void *conn)
{
	const struct control *t = conn;

	return t->fd;
}

/* Returns whether anything was sent. */
static bool
control_write(struct control *t)
{
	ssize_t n;

	if (t->out.len == 0 || t->unwritable)
		return false;
	n = send(t->fd, t->out.data, t->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0) {
		buf_consume(&t->out, (size_t)n);
		return true;
	}
	/* Data that the peer sent before it closed must still be read. */
	if (errno != EAGAIN && errno != EINTR) {
		t->unwritable = true;
		t->error = errno;
	}
	return false;
}

/* ---- receiving ---- */

static void
control_shut(struct control *t, int error)
{
	t->closed = true;
	if (t->error == 0)
		t->error = error;
}

static void
control_deliver(struct control *t)
{
	size_t start = 0;
	const char *nl;

	while ((nl = memchr(t->in.data + t->scanned, '\n',
	    t->in.len - t->scanned)) != NULL) {
		size_t end = (size_t)(nl - t->in.data);

		t->up.message(t->up.arg,
		    slice_of(t->in.data + start, end - start));
		start = t->scanned = end + 1;
	}
	buf_consume(&t->in, start);
	t->scanned = t->in.len;
}

/* Returns whether anything came. */
static bool
control_read(struct control *t)
{
	ssize_t n;

	if (t->in.len > TRANSPORT_MESSAGE_MAX) {
		control_shut(t, EMSGSIZE);
		return false;
	}
	if (buf_reserve(&t->in, CONTROL_READ) == -1) {
		control_shut(t, ENOMEM);
		return false;
	}
	n = recv(t->fd, t->in.data + t->in.len, t->in.cap - t->in.len,
	    MSG_DONTWAIT);
	if (n > 0) {
		t->reads++;
		t->in.len += (size_t)n;
		control_deliver(t);
		return true;
	}
	if (n == 0)
		control_shut(t, 0);
	else if (errno != EAGAIN && errno != EINTR)
		control_shut(t, errno);
	return false;
}

static enum exit_status
control_turn(void *conn, int64_t until_ms, int fd, bool *fd_ready,
    struct errbuf *e)
{
	struct control *t = conn;
	bool wrote, got;

	wrote = control_write(t);
	got = control_read(t);
	if (t->closed || (t->unwritable && !got)) {
		err_set(e, "connection lost: %s", t->error == 0 ?
		    "the broker closed it" : strerror(t->error));
		return EXIT_LOST;
	}
	if ((wrote || got) && fd == -1)
		return EXIT_DONE;
	(void)transport_poll(t->fd,
	    t->out.len > 0 ? POLLIN | POLLOUT : POLLIN,
	    wrote || got ? 0 : until_ms, fd, fd_ready);
	return EXIT_DONE;
}

/* Data that the kernel has taken reaches the broker even if we close at
 * once. */
static enum exit_status
control_goodbye(void *conn, int64_t until_ms, struct errbuf *e)
{
	(void)conn;
	(void)until_ms;
	(void)e;
	return EXIT_DONE;
}

const struct transport_ops transport_control = {
	.open = control_open,
	.queue = control_queue,
	.pending = control_pending,
	.heard = control_heard,
	.fd = control_fd,
	.turn = control_turn,
	.goodbye = control_goodbye,
	.free = control_free,
};
