/*
 * stream_output.c: the output of streams, and the events that are watched.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "wampd/core/broker.h"
#include "wampd/core/turn.h"
#include "wampd/net/progress.h"
#include "wampd/net/stream_parts.h"

/* ---- the rare parts ---- */

struct stream_kept *
stream_keep(struct stream *s)
{
	if (s->kept == NULL)
		s->kept = calloc(1, sizeof(*s->kept));
	return s->kept;
}

void
stream_trim(struct stream *s)
{
	struct stream_kept *k = s->kept;

	if (k == NULL)
		return;
	if (k->rest.len == 0)
		buf_clear(&k->rest);
	if (k->out.len == 0)
		buf_clear(&k->out);
	if (k->rest.len > 0 || k->out.len > 0)
		return;
	free(k);
	s->kept = NULL;
}

/* ---- events ---- */

void
streams_set_now(struct streams *all)
{
	broker_set_now(all->broker, (int64_t)uv_now(all->loop));
	turn_begin(all->broker);
}

static void
stream_watch(struct stream *s, int op, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = s };

	s->watched = op != EPOLL_CTL_DEL;
	s->events = events;
	(void)epoll_ctl(s->all->set, op, s->fd, &ev);
}

void
stream_unwatch(struct stream *s)
{
	if (s->watched)
		stream_watch(s, EPOLL_CTL_DEL, 0);
}

/* The kernel reports errors and hang-ups whatever is asked for, again and
 * again: those who have hung up are taken out. */
void
stream_arm(struct stream *s)
{
	uint32_t events = 0;

	if (s->leaving || s->broken) {
		stream_unwatch(s);
		return;
	}
	if (stream_reads(s))
		events |= s->ops->half_close ? EPOLLIN : EPOLLIN | EPOLLRDHUP;
	if (s->blocked)
		events |= EPOLLOUT;
	if (!s->watched)
		stream_watch(s, EPOLL_CTL_ADD, events);
	else if (events != s->events)
		stream_watch(s, EPOLL_CTL_MOD, events);
}

/* ---- output ---- */

static int
keep_output(struct stream *s, struct slice bytes)
{
	struct stream_kept *k = stream_keep(s);

	if (k == NULL || buf_add_slice(&k->out, bytes) == -1)
		return -1;
	s->blocked = true;
	stream_arm(s);
	return 0;
}

/* send() once.  How many bytes were taken; -1: the connection is broken.  If
 * the peer has closed but may have written before, even before it was accepted,
 * recv() will find the end: until then its output is dropped. */
ssize_t
stream_try(struct stream *s, const char *p, size_t n)
{
	ssize_t sent;

	if (s->broken)
		return s->eof ? -1 : (ssize_t)n;
	sent = send(s->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent == -1) {
		if (!s->eof && (errno == EPIPE || errno == ECONNRESET))
			return (ssize_t)n;
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		sent = 0;
	}
	s->sent += (uint64_t)sent;
	return sent;
}

int
stream_send(struct stream *s, struct slice bytes)
{
	ssize_t sent;

	if (stream_has_output(s))
		return keep_output(s, bytes);
	if ((sent = stream_try(s, bytes.p, bytes.len)) == -1)
		return -1;
	if ((size_t)sent == bytes.len)
		return 0;
	return keep_output(s, slice_of(bytes.p + sent,
	    bytes.len - (size_t)sent));
}

uint64_t
stream_taken(const struct stream *s, bool *more)
{
	return progress_of_socket(s->fd, s->sent, more);
}
