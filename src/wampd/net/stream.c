/*
 * stream.c: the socket of a peer on the loop.
 *
 * It uses recv() into one large buffer and send().
 */
#include "wampd/net/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wampd/core/broker.h"
#include "wampd/net/stream_parts.h"

static void stream_end(struct stream *s, bool broken);
static void stream_handle(struct stream *s, char *p, size_t n);
static void stream_read(struct stream *s);

struct slice
stream_rest(const struct stream *s)
{
	return s->kept == NULL ? slice_of(NULL, 0) : buf_slice(&s->kept->rest);
}

/* ---- events ---- */

/* The peer takes nothing more.  Drop what waits for it, so that nobody waits
 * for the peer. */
static void
stream_break(struct stream *s)
{
	s->broken = true;
	s->blocked = false;
	if (s->kept != NULL)
		buf_clear(&s->kept->out);
	stream_trim(s);
	if (s->finishing)
		stream_end(s, true);
	else
		s->ops->writable(s);
}

/* Remove it from the list that it is on: it waits in one at most. */
static void
stream_unlist(struct stream *s)
{
	struct streams *all = s->all;

	if (s->resumed) {
		TAILQ_REMOVE(&all->resumed, s, link);
		all->nresumed--;
	} else if (s->leaving) {
		TAILQ_REMOVE(&all->leaving, s, link);
		all->nleaving--;
	}
	s->resumed = s->leaving = false;
}

static void
wait_to_leave(struct stream *s)
{
	stream_unlist(s);
	s->leaving = true;
	TAILQ_INSERT_TAIL(&s->all->leaving, s, link);
	s->all->nleaving++;
	stream_arm(s);
}

/* Read from a peer that leaves.  If it is broken, nothing reports that there is
 * more to read. */
static void
stream_read_leaver(struct stream *s)
{
	stream_read(s);
	if (s->fd == -1 || s->eof)
		return;
	if (s->broken && stream_reads(s) && !s->resumed)
		wait_to_leave(s);
	else
		stream_arm(s);
}

/* The same, or let it wait for a later turn. */
static void
stream_depart(struct stream *s)
{
	if (!stream_reads(s) || s->resumed)
		return;			/* it comes back to this */
	if (s->all->leaves == 0) {
		wait_to_leave(s);
		return;
	}
	s->all->leaves--;
	stream_read_leaver(s);
}

/* The peer has closed its side.  What it sent before is still read. */
static void
stream_hung_up(struct stream *s, bool broken)
{
	s->hung_up = true;
	if (broken && !s->broken)
		stream_break(s);
	if (s->fd == -1)
		return;
	if (s->eof)
		stream_handle(s, NULL, 0);
	else
		stream_depart(s);
	if (s->fd != -1)
		stream_arm(s);
}

static void
stream_writable(struct stream *s)
{
	struct stream_kept *k = s->kept;
	struct buf out;

	s->blocked = false;
	if (stream_has_output(s)) {
		out = k->out;
		k->out = (struct buf){ 0 };
		if (stream_send(s, buf_slice(&out)) == -1)
			stream_break(s);
		buf_clear(&out);
		stream_trim(s);
	}
	if (s->blocked || s->fd == -1)
		return;
	if (s->finishing)
		stream_finish(s);
	else
		s->ops->writable(s);
}

void
stream_event(struct stream *s, uint32_t events)
{
	if (events & (EPOLLERR | EPOLLHUP)) {
		/* After stream_finish(), the peer may only have ended its side,
		 * too: then read all.  Closing a socket with unread input would
		 * reset the connection, which can destroy our last words. */
		stream_hung_up(s, events & EPOLLERR || !s->finishing ||
		    s->blocked || s->eof);
		return;
	}
	if (events & EPOLLOUT) {
		stream_writable(s);
		if (s->fd != -1 && !s->blocked)
			stream_arm(s);	/* stop watching for that */
	}
	if (s->fd == -1)
		return;
	if (events & EPOLLRDHUP)
		stream_hung_up(s, false);
	/* If unused input is to be handled, on_idle() does that first.  So it
	 * stays smaller than a message and a read. */
	else if ((events & EPOLLIN) && stream_reads(s) && !s->resumed)
		stream_read(s);
}

/* ---- output ---- */

int
stream_put(struct stream *s, const char *p, size_t n)
{
	return s->tls != NULL ? stream_tls_write(s, p, n) :
	    stream_send(s, slice_of(p, n));
}

ssize_t
stream_write(struct stream *s, const char *p, size_t n)
{
	ssize_t sent;

	if (s->tls != NULL || stream_has_output(s))
		return stream_put(s, p, n) == -1 ? -1 : (ssize_t)n;
	sent = stream_try(s, p, n);
	if (sent != -1 && (size_t)sent < n) {
		s->blocked = true;
		stream_arm(s);
	}
	return sent;
}

/* ---- input ---- */

/* Keep what was not used of n bytes at p, which may be the rest itself. */
static void
keep_rest(struct stream *s, const char *p, size_t n, size_t used)
{
	struct stream_kept *k = s->kept;

	s->all->kept -= stream_rest(s).len;
	if (k != NULL && p == k->rest.data) {
		buf_consume(&k->rest, used);
	} else {
		if (k != NULL)
			buf_reset(&k->rest);
		if (used < n && ((k = stream_keep(s)) == NULL ||
		    buf_add(&k->rest, p + used, n - used) == -1))
			stream_end(s, true);
	}
	if (s->fd == -1)
		return;
	s->all->kept += stream_rest(s).len;
	stream_trim(s);
}

/* Hand input to the owner. */
static void
stream_handle(struct stream *s, char *p, size_t n)
{
	size_t used;

	if (n > 0) {
		used = s->ops->input(s, p, n);
		if (s->fd == -1)
			return;		/* closed; p may be freed */
		keep_rest(s, p, n, used);
	}
	if (s->fd != -1 && s->eof && !s->paused && !s->resumed && !s->leaving)
		s->ops->ended(s, s->broken);
	/* TLS may end in front of bytes that are not read. */
	if (s->fd != -1 && s->eof)
		stream_arm(s);
}

/* Whether a rest stays where it is, and what follows is added to it, because it
 * may grow to megabytes.  A smaller one is copied to the large buffer, in front
 * of what follows. */
static bool
is_long(struct slice rest)
{
	return rest.len > STREAM_REST;
}

/* Where input goes that is handed over next: behind a rest, with room for a
 * read. */
static char *
stream_room(struct stream *s)
{
	struct slice rest = stream_rest(s);

	if (is_long(rest) || rest.len == 0)
		return s->all->in;
	memcpy(s->all->in, rest.p, rest.len);
	return s->all->in + rest.len;
}

/* Hand n bytes to the owner, which are where stream_room() said. */
static void
stream_take(struct stream *s, size_t n)
{
	struct slice rest = stream_rest(s);
	struct buf *long_rest;

	if (!is_long(rest)) {
		stream_handle(s, s->all->in, rest.len + n);
		return;
	}
	long_rest = &s->kept->rest;
	if (buf_add(long_rest, s->all->in, n) == -1) {
		stream_end(s, true);
		return;
	}
	s->all->kept += n;
	stream_handle(s, long_rest->data, long_rest->len);
}

/* The end of input: tell the owner, now or when it is not paused any more. */
static void
stream_end(struct stream *s, bool broken)
{
	s->eof = true;
	s->broken |= broken;
	stream_handle(s, NULL, 0);
}

/* Handle the result of a read to stream_room(), with that errno. */
static void
stream_got(struct stream *s, ssize_t n, int error)
{
	if (n > 0)
		stream_take(s, (size_t)n);
	else if (n == 0)
		stream_end(s, false);
	else if (error != EAGAIN && error != EINTR)
		stream_end(s, true);
}

/* A step of TLS's handshake was taken. */
static void
on_shaken(struct stream *s, enum tls_result result)
{
	ssize_t n;

	if (result == TLS_FAILED) {
		s->ops->insecure(s, tls_conn_failure(s->tls));
		return;
	}
	if (result == TLS_DONE) {
		s->ops->secured(s);
		n = stream_tls_begin(s, stream_room(s));
		stream_got(s, n, errno);
	}
	if (s->fd != -1)
		stream_arm(s);
	/* Nothing reports again that the peer has left. */
	if (s->fd != -1 && s->hung_up)
		stream_depart(s);
}

/* How much to read at once: a lot, as long as the streams that are paused keep
 * little of what was read. */
static size_t
read_size(const struct streams *all)
{
	return all->kept < STREAMS_KEPT ? STREAM_READ : STREAM_READ_LITTLE;
}

/* Read once, and put the rest of the last read in front. */
static void
stream_read(struct stream *s)
{
	size_t size = read_size(s->all);
	ssize_t n;
	char *p;

	if (s->handshake != NULL) {
		n = stream_tls_shake(s, on_shaken);
		if (n <= 0)
			stream_got(s, n, errno);
		if (s->fd != -1)
			stream_arm(s);
		return;
	}
	p = stream_room(s);
	n = s->tls != NULL ? stream_tls_read(s, p, size) :
	    recv(s->fd, p, size, MSG_DONTWAIT);
	/* A full buffer means that more is waiting.  TLS makes the text a bit
	 * shorter. */
	if (n > 0 && (size_t)n >= size - (s->tls != NULL ? size / 16 : 0))
		s->all->broker->flush.more_input = true;
	stream_got(s, n, errno);
}

/* ---- pausing ---- */

/* Handle input that was read before the stream was paused, or before its turn
 * was over. */
static void
stream_go_on(struct stream *s)
{
	struct slice rest = stream_rest(s);

	stream_unlist(s);
	if (s->paused)
		return;
	stream_handle(s, rest.len > 0 ? s->kept->rest.data : NULL, rest.len);
	/* Nothing reports again that the peer has left. */
	if (s->fd != -1 && s->hung_up)
		stream_depart(s);
}

static void
on_idle(uv_idle_t *handle)
{
	struct streams *all = handle->data;
	size_t n = all->nresumed;
	struct stream *s;

	streams_set_now(all);
	for (; n > 0 && (s = TAILQ_FIRST(&all->resumed)) != NULL; n--)
		stream_go_on(s);
	if (all->nresumed == 0)
		(void)uv_idle_stop(handle);
}

void
stream_yield(struct stream *s)
{
	struct streams *all = s->all;

	if (s->resumed || s->leaving)
		return;			/* it goes on from there */
	s->resumed = true;
	all->broker->flush.more_input = true;
	TAILQ_INSERT_TAIL(&all->resumed, s, link);
	all->nresumed++;
	(void)uv_idle_start(&all->idle, on_idle);
}

void
stream_pause(struct stream *s, bool on)
{
	s->paused = on;
	if (s->fd == -1)
		return;
	stream_arm(s);
	if (!on && (stream_rest(s).len > 0 || s->hung_up || s->eof))
		stream_yield(s);
}

void
stream_defer(struct stream *s)
{
	s->paused = true;
}

/* ---- the end ---- */

void
stream_leave_now(struct stream *s)
{
	stream_unlist(s);
	if (s->eof)
		stream_handle(s, NULL, 0);
	else
		stream_read_leaver(s);
}

void
stream_leave(struct stream *s)
{
	s->eof = true;
	if (s->all->leaves > 0) {
		s->all->leaves--;
		stream_arm(s);
	} else {
		wait_to_leave(s);
	}
}

void
stream_finish(struct stream *s)
{
	if (!s->finishing && s->tls != NULL)
		stream_tls_end(s);
	s->finishing = true;
	stream_unlist(s);
	s->paused = false;
	s->eof = s->broken;
	if (!stream_has_output(s))
		(void)shutdown(s->fd, SHUT_WR);
	stream_arm(s);
	/* Nothing reports again that the peer has left. */
	if (s->hung_up || s->eof)
		stream_yield(s);
}

void
stream_close(struct stream *s)
{
	if (s->fd == -1)
		return;
	/* Closing the socket would not be enough while a child has a copy. */
	stream_unwatch(s);
	(void)close(s->fd);
	s->fd = -1;
	stream_unlist(s);
	stream_tls_close(s);
	if (s->kept != NULL) {
		s->all->kept -= s->kept->rest.len;
		buf_clear(&s->kept->rest);
		buf_clear(&s->kept->out);
		free(s->kept);
		s->kept = NULL;
	}
	TAILQ_INSERT_TAIL(&s->all->dead, s, link);
}

/* ---- life ---- */

int
stream_open(struct stream *s, struct streams *all,
    const struct stream_ops *ops, int fd, struct tls *tls)
{
	*s = (struct stream){ .ops = ops, .all = all, .fd = fd };
	if (tls != NULL && stream_tls_open(s, tls) == -1) {
		(void)close(fd);
		return -1;
	}
	stream_arm(s);
	return 0;
}

int
stream_secure(struct stream *s, struct tls *tls, struct slice in)
{
	if (stream_tls_open(s, tls) == -1 ||
	    stream_tls_hear(s, in, on_shaken) == -1)
		return -1;
	stream_arm(s);
	return 0;
}
