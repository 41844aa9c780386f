/*
 * stream.h: the socket of a peer on the loop, in clear text or with TLS.
 *
 * The streams are in one epoll set, which the loop polls.  libuv's own handles
 * would take three times the system calls and 160 bytes for each stream, and
 * all events at once, however many there are.
 *
 * All streams read into one large buffer.  A stream keeps only input that its
 * owner did not use, because it is incomplete, or because the stream is paused
 * or its turn is over.  Output goes to the socket at once.
 *
 * The owner embeds a struct stream and gives it functions, see stream_ops.  No
 * function frees the owner, except ops->closed().
 *
 * If thousands of peers leave at once, a turn lets only STREAM_LEAVES of them
 * leave.  The others wait in a list, where they cost nothing, so that the peers
 * that stay are served in between.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>
#include <uv.h>

#include "base/buf.h"
#include "base/err.h"

#define STREAM_READ	(256u << 10)	/* bytes read per turn and stream */
#define STREAM_LEAVES	64		/* peers that leave per turn */
/* If a read holds events for thousands of receivers, the owner yields after
 * that many deliveries, so that other peers need not wait long. */
#define STREAM_DELIVERIES (64u << 10)

struct broker;
struct stream;
struct stream_handshake;
struct stream_kept;
struct streams;
struct tls;
struct tls_conn;

struct stream_ops {
	/* The peer may end its input and still read: the end of input is not
	 * the end of the connection. */
	bool	half_close;

	/* The handshake of TLS is complete.  This and the next one are not
	 * called for clear text. */
	void	(*secured)(struct stream *s);

	/* The handshake of TLS has failed; reason is borrowed.  The owner
	 * calls stream_finish() or stream_close(). */
	void	(*insecure)(struct stream *s, const char *reason);

	/* Handle n > 0 bytes of input, which the function may change.  Returns
	 * how many were used.  The others come again, in front of those that
	 * follow.  If it uses none, the owner waits for more input, or has
	 * called stream_pause() or stream_yield(). */
	size_t	(*input)(struct stream *s, char *p, size_t n);

	/* The peer sends nothing more, and input() has had everything; what it
	 * did not use is in stream_rest().  broken: it does not read either.
	 * Not called after stream_close(). */
	void	(*ended)(struct stream *s, bool broken);

	/* The socket takes bytes again, and nothing of ours is waiting. */
	void	(*writable)(struct stream *s);

	/* After stream_close(): free the owner. */
	void	(*closed)(struct stream *s);
};

/* A part of its owner. */
struct stream {
	const struct stream_ops *ops;	/* static */
	struct streams *all;		/* borrowed */
	TAILQ_ENTRY(stream) link;	/* all->resumed, ->leaving or ->dead */
	struct stream_kept *kept;	/* owned, or NULL */
	struct tls_conn *tls;		/* owned; NULL: clear text */
	struct stream_handshake *handshake; /* TLS's; NULL: none, or over */
	uint64_t	sent;		/* bytes */
	int		fd;		/* owned; -1: closed */
	uint32_t	events;		/* that the kernel watches */
	bool		watched;	/* it does */
	bool		shaking;	/* a thread has TLS's handshake */
	bool		paused;		/* by the owner */
	bool		resumed;	/* on all->resumed */
	bool		leaving;	/* on all->leaving */
	bool		eof;		/* nothing more to read */
	bool		hung_up;	/* the peer has closed its side */
	bool		broken;		/* and takes nothing either */
	bool		blocked;	/* waits until it is writable */
	bool		finishing;	/* no output any more, see
					 * stream_finish() */
};

/* What all streams of a loop share.  NULL with *e filled on failure. */
struct streams *streams_new(uv_loop_t *loop, struct broker *b,
	    struct errbuf *e);

/* Tell the broker the time of the loop's turn, and that its work begins. */
void	streams_set_now(struct streams *all);

/* Let some peers leave, and free what was closed.  Call it at the end of each
 * turn.  Whether another turn must follow at once: more peers are waiting to
 * leave, or those that left have given the broker something to do. */
bool	streams_turn(struct streams *all);

/* Close its handles.  The loop must run until they are closed; all streams must
 * be closed then; call streams_free().  Both accept NULL. */
void	streams_close(struct streams *all);
void	streams_free(struct streams *all);

/* Take a non-blocking, connected socket, also on failure.  tls is NULL for
 * clear text.  0, or -1 when out of memory; then the socket is closed, and the
 * stream must not be used. */
int	stream_open(struct stream *s, struct streams *all,
	    const struct stream_ops *ops, int fd, struct tls *tls);

/* Called by input(), which uses all input: TLS begins in a stream that was in
 * clear text, with the bytes of `in`.  0, or -1 when out of memory; then call
 * stream_close(). */
int	stream_secure(struct stream *s, struct tls *tls, struct slice in);

/* Write up to n bytes.  Returns how many were taken; if that is not all, or
 * stream_is_blocked(), ops->writable() is called later.  -1: the connection is
 * broken.  With TLS, or while bytes of stream_put() are waiting, all are
 * taken. */
ssize_t	stream_write(struct stream *s, const char *p, size_t n);

/* Write n bytes, and keep what the socket does not take.  0, or -1 when the
 * connection is broken or out of memory. */
int	stream_put(struct stream *s, const char *p, size_t n);

/* Whether bytes are waiting, because the socket is full. */
static inline bool
stream_is_blocked(const struct stream *s)
{
	return s->blocked;
}

/* Do not read (on), or go on, also with the input that was not used. */
void	stream_pause(struct stream *s, bool on);

/* Do not read for a few turns, until stream_pause() ends that.  The kernel is
 * not told, which saves two system calls, and may report input in vain. */
void	stream_defer(struct stream *s);

/* Called by input(): this turn is over for the stream.  What was not used comes
 * again in the next turn. */
void	stream_yield(struct stream *s);

/* The peer has said goodbye in the owner's protocol: nothing more is read, and
 * ops->ended() is called now, or in a later turn if many leave. */
void	stream_leave(struct stream *s);

/* The input that was not used; borrowed. */
struct slice stream_rest(const struct stream *s);

/* Nothing more is written.  When what stream_put() has kept is written, TLS and
 * the writing side of the socket are ended.  Input is still read. */
void	stream_finish(struct stream *s);

/* Close it now.  ops->closed() is called in a later turn, and no other function
 * any more. */
void	stream_close(struct stream *s);

/* How many bytes the peer has taken, see progress.h. */
uint64_t stream_taken(const struct stream *s, bool *more);
