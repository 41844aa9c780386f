/*
 * stream_tls.c: the TLS of a stream.
 *
 * Signing takes a millisecond or more, so handshakes run in libuv's threads.
 * While one does, its thread has the connection alone: the loop neither reads
 * nor writes there.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "wampd/net/stream_parts.h"

#define SHAKE_READ	(16u << 10)	/* bytes read per step */

/* A handshake that is under way. */
struct stream_handshake {
	uv_work_t	 work;
	struct stream	*stream;	/* NULL: it was closed meanwhile */
	struct tls_conn *tls;		/* the stream's; owned without it */
	struct buf	 in;		/* what has come and is not used */
	struct buf	 out;		/* what is to be sent */
	stream_shaken_fn *done;		/* called after the step */
	enum tls_result	 result;
};

static void
handshake_free(struct stream_handshake *h)
{
	buf_clear(&h->in);
	buf_clear(&h->out);
	free(h);
}

int
stream_tls_open(struct stream *s, struct tls *tls)
{
	struct stream_handshake *h = calloc(1, sizeof(*h));

	if (h == NULL || (s->tls = tls_conn_new(tls)) == NULL) {
		free(h);
		return -1;
	}
	h->stream = s;
	h->tls = s->tls;
	h->work.data = h;
	s->handshake = h;
	return 0;
}

void
stream_tls_close(struct stream *s)
{
	struct stream_handshake *h = s->handshake;

	s->handshake = NULL;
	if (s->shaking) {
		h->stream = NULL;	/* on_step_done() frees both */
		s->shaking = false;
		s->tls = NULL;
		return;
	}
	if (h != NULL)
		handshake_free(h);
	tls_conn_free(s->tls);
	s->tls = NULL;
}

/* ---- the handshake ---- */

/* In a thread. */
static void
on_step(uv_work_t *work)
{
	struct stream_handshake *h = work->data;
	struct slice in = buf_slice(&h->in);

	h->result = tls_conn_handshake(h->tls, &in, &h->out);
	buf_consume(&h->in, h->in.len - in.len);
}

static void
on_step_done(uv_work_t *work, int status)
{
	struct stream_handshake *h = work->data;
	struct stream *s = h->stream;

	(void)status;			/* nobody cancels it */
	if (s == NULL) {
		tls_conn_free(h->tls);
		handshake_free(h);
		return;
	}
	s->shaking = false;
	streams_set_now(s->all);
	if (h->out.len > 0 && stream_send(s, buf_slice(&h->out)) == -1)
		h->result = TLS_FAILED;
	buf_reset(&h->out);
	if (h->result == TLS_FAILED)
		buf_clear(&h->in);
	h->done(s, h->result);
}

ssize_t
stream_tls_shake(struct stream *s, stream_shaken_fn *done)
{
	struct stream_handshake *h = s->handshake;
	struct slice in;
	bool heard;
	ssize_t n;

	/* It fails only once.  What comes then is dropped. */
	if (h->result == TLS_FAILED)
		return recv(s->fd, s->all->in, SHAKE_READ, MSG_DONTWAIT);
	if (buf_reserve(&h->in, SHAKE_READ) == -1) {
		errno = ENOMEM;
		return -1;
	}
	n = recv(s->fd, h->in.data + h->in.len, SHAKE_READ, MSG_DONTWAIT);
	if (n <= 0)
		return n;
	h->in.len += (size_t)n;
	in = buf_slice(&h->in);
	heard = tls_conn_heard(h->tls, &in);
	buf_consume(&h->in, h->in.len - in.len);
	if (!heard)
		return n;
	h->done = done;
	s->shaking = uv_queue_work(s->all->loop, &h->work, on_step,
	    on_step_done) == 0;
	if (s->shaking)
		return n;
	errno = ENOMEM;
	return -1;
}

/* ---- data ---- */

/* Decrypt all of in to p, which has room for it. */
static ssize_t
decrypt(struct stream *s, struct slice in, char *p)
{
	struct streams *all = s->all;
	size_t room = all->size - (size_t)(p - all->in), got = 0;
	ssize_t n;

	buf_reset(&all->out);
	while ((n = tls_conn_read(s->tls, &in, p + got, room - got,
	    &all->out)) > 0)
		got += (size_t)n;
	if (all->out.len > 0 && stream_send(s, buf_slice(&all->out)) == -1)
		n = -1;
	/* What came before the end is handled first. */
	s->eof |= n != 0;
	s->broken |= n == -1;
	if (got > 0 || n == TLS_END)
		return (ssize_t)got;
	errno = n == 0 ? EAGAIN : EPROTO;
	return -1;
}

ssize_t
stream_tls_begin(struct stream *s, char *p)
{
	struct stream_handshake *h = s->handshake;
	ssize_t n = decrypt(s, buf_slice(&h->in), p);

	s->handshake = NULL;
	handshake_free(h);
	return n;
}

ssize_t
stream_tls_read(struct stream *s, char *p, size_t size)
{
	struct streams *all = s->all;
	ssize_t n;

	if (all->cipher == NULL &&
	    (all->cipher = malloc(STREAM_READ)) == NULL) {
		errno = ENOMEM;
		return -1;
	}
	n = recv(s->fd, all->cipher, size, MSG_DONTWAIT);
	return n <= 0 ? n : decrypt(s, slice_of(all->cipher, (size_t)n), p);
}

int
stream_tls_write(struct stream *s, const char *p, size_t n)
{
	struct buf *out = &s->all->out;

	buf_reset(out);
	if (tls_conn_write(s->tls, p, n, out) == -1)
		return -1;
	return stream_send(s, buf_slice(out));
}

void
stream_tls_end(struct stream *s)
{
	struct buf *out = &s->all->out;

	if (s->handshake != NULL)
		return;
	buf_reset(out);
	tls_conn_end(s->tls, out);
	if (out->len > 0)
		(void)stream_send(s, buf_slice(out));
}
