/*
 * stream_parts.h: what the files of streams share.
 */
#pragma once

#include "base/slice.h"
#include "wampd/net/stream.h"
#include "wampd/net/tls.h"

/* What TLS has kept of a record may come with the next read, and it wants room
 * for a whole one (RFC 8446 section 5.1) at any time. */
#define STREAM_TLS_EXTRA	(32u << 10)	/* bytes */

#define STREAM_REST	(64u << 10)	/* bytes that are copied for a read */

/* Room for all of that. */
#define STREAM_IN	(STREAM_REST + STREAM_READ + STREAM_TLS_EXTRA)

#define STREAMS_KEPT	(32u << 20)	/* bytes of rests: beyond them, reads
					 * are small */
#define STREAM_READ_LITTLE (4u << 10)	/* bytes */

TAILQ_HEAD(stream_list, stream);
TAILQ_HEAD(stream_handshakes, stream_handshake);

struct streams {
	uv_loop_t     *loop;		/* borrowed */
	struct broker *broker;		/* borrowed */
	uv_poll_t      poll;		/* of set */
	int	       set;		/* owned; of epoll */
	uv_idle_t      idle;		/* runs while resumed is not empty */
	struct stream_list resumed;	/* have unused input to handle */
	size_t	       nresumed;	/* of resumed */
	struct stream_list leaving;	/* whose peers leave, oldest first */
	size_t	       nleaving;	/* of leaving */
	struct stream_list dead;	/* closed, and to be freed */
	unsigned       leaves;		/* how many may still leave now */
	struct stream_handshakes shakes_begun; /* which take memory; oldest
					 * first */
	struct stream_handshakes shakes_next; /* of these, wait for a thread */
	struct stream_handshakes shakes_new; /* wait to begin */
	size_t	       nbegun;		/* of shakes_begun */
	unsigned       steps;		/* of handshakes, in threads */
	uv_timer_t     begun_timer;	/* runs while too many have begun */
	size_t	       kept;		/* bytes of all rests */
	char	      *in;		/* owned; STREAM_IN bytes: the input of
					 * one stream */
	char	      *cipher;		/* owned; STREAM_READ bytes: what TLS
					 * has encrypted; NULL until then */
	struct buf     out;		/* likewise, to be sent */
};

/* The rare parts of a stream. */
struct stream_kept {
	struct buf rest;	/* input that was not used */
	struct buf out;		/* output that the socket did not take */
};

/* ---- stream_output.c ---- */

/* The rare parts, made if they are not there.  NULL when out of memory. */
struct stream_kept *stream_keep(struct stream *s);

/* Free what is not needed any more, so that an idle stream is small. */
void	stream_trim(struct stream *s);

static inline bool
stream_has_output(const struct stream *s)
{
	return s->kept != NULL && s->kept->out.len > 0;
}

/* Send bytes as they are, once.  How many were taken, or -1. */
ssize_t	stream_try(struct stream *s, const char *p, size_t n);

/* Send bytes as they are, and keep what the socket does not take.  0 or -1. */
int	stream_send(struct stream *s, struct slice bytes);

/* Whether the stream is to be read. */
static inline bool
stream_reads(const struct stream *s)
{
	return !s->paused && !s->eof && !s->leaving && !s->shaking;
}

/* Tell the kernel which events are of interest now. */
void	stream_arm(struct stream *s);

/* Nothing is of interest any more. */
void	stream_unwatch(struct stream *s);

/* ---- stream_tls.c ---- */

/* 0, or -1 when out of memory. */
int	stream_tls_open(struct stream *s, struct tls *tls);
void	stream_tls_close(struct stream *s);

typedef void stream_shaken_fn(struct stream *s, enum tls_result result);

/* The socket is readable during the handshake.  Read it; if that is enough for
 * a step, s->shaking is set, a thread takes the step, and then `done` is called
 * on the loop.  Returns what recv() does; errno may be ENOMEM. */
ssize_t	stream_tls_shake(struct stream *s, stream_shaken_fn *done);

/* The same for bytes that were read already.  0, or -1 with errno ENOMEM. */
int	stream_tls_hear(struct stream *s, struct slice in,
	    stream_shaken_fn *done);

/* The handshake is complete: decrypt what came behind it to p.  As
 * stream_tls_read(). */
ssize_t	stream_tls_begin(struct stream *s, char *p);

/* Read up to size bytes of the socket, at most STREAM_READ, and decrypt them to
 * p, with room for STREAM_TLS_EXTRA more.  As recv(); if the end has come
 * behind the bytes, s->eof is set. */
ssize_t	stream_tls_read(struct stream *s, char *p, size_t size);

/* Encrypt and send.  0 or -1. */
int	stream_tls_write(struct stream *s, const char *p, size_t n);

/* Say that nothing more will be written. */
void	stream_tls_end(struct stream *s);

/* ---- stream.c ---- */

/* The kernel has reported these events. */
void	stream_event(struct stream *s, uint32_t events);

/* It was on all->leaving, and its turn has come. */
void	stream_leave_now(struct stream *s);
