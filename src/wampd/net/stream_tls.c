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
#define STEPS		8		/* that libuv's threads have at one
					 * time; other work for them need not
					 * wait for more */
#define BEGUN		4096		/* handshakes; each takes some 44 KB */
#define BEGUN_MS	3000		/* how long one may take while others
					 * wait because there are BEGUN */
#define BEGUN_POLL	500		/* ms between two looks */

/* A handshake that is under way. */
struct stream_handshake {
	TAILQ_ENTRY(stream_handshake) link;	/* all->shakes_next or
						 * ->shakes_new */
	TAILQ_ENTRY(stream_handshake) begun_link; /* all->shakes_begun */
	uv_work_t	 work;
	struct streams	*all;		/* borrowed */
	struct stream	*stream;	/* NULL: it was closed meanwhile */
	struct tls_conn *tls;		/* the stream's; owned without it */
	struct buf	 in;		/* what has come and is not used */
	struct buf	 out;		/* what is to be sent */
	stream_shaken_fn *done;		/* called after the step */
	enum tls_result	 result;
	bool		 waits;		/* on the list, for a thread */
	bool		 begun;		/* on all->shakes_begun */
	int64_t		 since;		/* ms, monotonic: when it did that */
};

/* Those that have begun come first: each that is completed frees memory, and
 * lets its client go on. */
static struct stream_handshakes *
handshake_list(struct stream_handshake *h)
{
	return h->begun ? &h->all->shakes_next : &h->all->shakes_new;
}

static void
handshake_free(struct stream_handshake *h)
{
	if (h->waits)
		TAILQ_REMOVE(handshake_list(h), h, link);
	if (h->begun) {
		TAILQ_REMOVE(&h->all->shakes_begun, h, begun_link);
		h->all->nbegun--;
	}
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
	h->all = s->all;
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
	if (s->shaking && !h->waits) {
		h->stream = NULL;	/* on_step_done() frees both */
		s->shaking = false;
		s->tls = NULL;
		return;
	}
	if (h != NULL)
		handshake_free(h);
	tls_conn_free(s->tls);
	s->tls = NULL;
	s->shaking = false;
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

static void on_begun(uv_timer_t *timer);
static void on_step_done(uv_work_t *work, int status);

/* The next handshake to take a step, or NULL. */
static struct stream_handshake *
next_step(struct streams *all)
{
	struct stream_handshake *h = TAILQ_FIRST(&all->shakes_next);

	if (h != NULL)
		return h;
	return all->nbegun < BEGUN ? TAILQ_FIRST(&all->shakes_new) : NULL;
}

static void
handshake_begin(struct stream_handshake *h)
{
	h->begun = true;
	h->since = (int64_t)uv_now(h->all->loop);
	TAILQ_INSERT_TAIL(&h->all->shakes_begun, h, begun_link);
	h->all->nbegun++;
}

/* Give the next handshakes to threads. */
static void
begin_steps(struct streams *all)
{
	struct stream_handshake *h;

	while (all->steps < STEPS && (h = next_step(all)) != NULL) {
		TAILQ_REMOVE(handshake_list(h), h, link);
		h->waits = false;
		if (!h->begun)
			handshake_begin(h);
		all->steps++;
		/* It only fails without the function. */
		(void)uv_queue_work(all->loop, &h->work, on_step,
		    on_step_done);
	}
	if (all->nbegun >= BEGUN && !TAILQ_EMPTY(&all->shakes_new))
		(void)uv_timer_start(&all->begun_timer, on_begun,
		    BEGUN_POLL, 0);
}

/* There are too many handshakes, and others wait: those go that their clients
 * do not continue. */
static void
on_begun(uv_timer_t *timer)
{
	struct streams *all = timer->data;
	int64_t before = (int64_t)uv_now(all->loop) - BEGUN_MS;
	struct stream_handshake *h, *next;

	streams_set_now(all);
	for (h = TAILQ_FIRST(&all->shakes_begun); h != NULL &&
	    h->since < before; h = next) {
		next = TAILQ_NEXT(h, begun_link);
		if (h->stream != NULL && !h->stream->shaking)
			h->stream->ops->ended(h->stream, true);
	}
	begin_steps(all);
}

static void
handshake_step_is_done(struct stream_handshake *h)
{
	struct stream *s = h->stream;

	s->shaking = false;
	streams_set_now(s->all);
	if (h->out.len > 0 && stream_send(s, buf_slice(&h->out)) == -1)
		h->result = TLS_FAILED;
	buf_clear(&h->out);
	if (h->result == TLS_FAILED || h->in.len == 0)
		buf_clear(&h->in);
	h->done(s, h->result);
}

static void
on_step_done(uv_work_t *work, int status)
{
	struct stream_handshake *h = work->data;
	struct streams *all = h->all;

	(void)status;			/* nobody cancels it */
	all->steps--;
	if (h->stream != NULL) {
		handshake_step_is_done(h);
	} else {
		tls_conn_free(h->tls);
		handshake_free(h);
	}
	begin_steps(all);
}

int
stream_tls_hear(struct stream *s, struct slice in, stream_shaken_fn *done)
{
	struct stream_handshake *h = s->handshake;
	bool heard;

	if (in.len == 0)
		return 0;
	if (buf_add_slice(&h->in, in) == -1) {
		errno = ENOMEM;
		return -1;
	}
	in = buf_slice(&h->in);
	heard = tls_conn_heard(h->tls, &in);
	buf_consume(&h->in, h->in.len - in.len);
	if (!heard) {
		buf_clear(&h->in);	/* it has kept all */
		return 0;
	}
	h->done = done;
	h->waits = s->shaking = true;
	TAILQ_INSERT_TAIL(handshake_list(h), h, link);
	begin_steps(s->all);
	return 0;
}

ssize_t
stream_tls_shake(struct stream *s, stream_shaken_fn *done)
{
	ssize_t n = recv(s->fd, s->all->in, SHAKE_READ, MSG_DONTWAIT);

	/* It fails only once.  What comes then is dropped. */
	if (n <= 0 || s->handshake->result == TLS_FAILED)
		return n;
	return stream_tls_hear(s, slice_of(s->all->in, (size_t)n),
	    done) == -1 ? -1 : n;
}

/* ---- data ---- */

/* Decrypt all of in to p, which has room for it. */
static ssize_t
decrypt(struct stream *s, struct slice in, char *p)
{
	struct streams *all = s->all;
	size_t room = STREAM_IN - (size_t)(p - all->in), got = 0;
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
