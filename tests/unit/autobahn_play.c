/*
 * autobahn_play.c: plays a case of the Autobahn testsuite to a server.
 */
#include "autobahn.h"

#include <stdint.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "client_frame.h"
#include "proto/close_code.h"

#define SHOWN_MAX 200	/* bytes of an answer */

struct play {
	const struct autobahn_case *c;	/* borrowed */
	const struct autobahn_peer *peer; /* borrowed */
	size_t	       chop;
	struct buf     out;		/* to be sent with the next write */
	struct buf     got;		/* from the server, all of it */
	struct errbuf *e;		/* borrowed */
};

/* Send what has been gathered. */
static void
flush(struct play *p)
{
	size_t at, n, chop = p->chop;

	if (chop == AUTOBAHN_CHOP_NONE || chop == AUTOBAHN_CHOP_FRAMES)
		chop = p->out.len;
	for (at = 0; at < p->out.len; at += n) {
		n = p->out.len - at < chop ? p->out.len - at : chop;
		p->peer->send(p->peer->arg, slice_of(p->out.data + at, n));
	}
	buf_reset(&p->out);
}

static void
add_frame(struct play *p, unsigned first, struct slice payload)
{
	client_frame_add(&p->out, first, payload);
	if (p->chop == AUTOBAHN_CHOP_FRAMES)
		flush(p);
}

/* A message in as many frames as it takes. */
static void
add_fragments(struct play *p, const struct autobahn_frame *f)
{
	struct slice rest = buf_slice(&f->payload);
	unsigned first = f->first & ~FIN;

	for (; rest.len > p->c->fragment; first = PART) {
		add_frame(p, first, slice_of(rest.p, p->c->fragment));
		rest = slice_of(rest.p + p->c->fragment,
		    rest.len - p->c->fragment);
	}
	add_frame(p, FIN | first, rest);
}

static void
add(struct play *p, const struct autobahn_frame *f)
{
	if (f->announced > 0)
		client_frame_add_head(&p->out, f->first, f->announced);
	if (f->announced > 0 || f->first == AUTOBAHN_BYTES)
		buf_add_slice(&p->out, buf_slice(&f->payload));
	else if (p->c->fragment > 0)
		add_fragments(p, f);
	else
		add_frame(p, f->first, buf_slice(&f->payload));
}

/* Report what the server has sent. */
static int
fail(struct play *p, const char *what)
{
	struct buf shown = { 0 };
	size_t n = p->got.len < SHOWN_MAX ? p->got.len : SHOWN_MAX;

	(void)printable_add(&shown, slice_of(p->got.data, n));
	err_set(p->e, "%s: %s, after %zu bytes: %s", p->c->id, what, p->got.len,
	    buf_cstr(&shown));
	buf_clear(&shown);
	return -1;
}

/* Wait for a close frame behind the answers, and for nothing else. */
static int
look_for_fault(struct play *p)
{
	const size_t at = p->c->want.len;
	struct slice close;
	unsigned code;

	p->peer->collect(p->peer->arg, &p->got, at + 4);
	if (p->got.len >= at + 4)
		p->peer->collect(p->peer->arg, &p->got, at + 2 +
		    (unsigned char)p->got.data[at + 1]);
	close = slice_of(p->got.data + at, p->got.len - at);
	if (close.len < 4 || (unsigned char)close.p[0] != CLOSE ||
	    (unsigned char)close.p[1] != close.len - 2)
		return fail(p, "no close frame, or something behind it");
	code = (unsigned)(unsigned char)close.p[2] << 8 |
	    (unsigned char)close.p[3];
	if (code != p->c->fault)
		return fail(p, "another close code");
	if (!utf8_valid(slice_of(close.p + 4, close.len - 4)))
		return fail(p, "a close reason that is not UTF-8");
	return 0;
}

/* Wait for the first n answers, of which the fault is the last one. */
static int
look(struct play *p, size_t n)
{
	const struct autobahn_case *c = p->c;
	bool fault = n > c->n_answers;
	size_t bytes = n == 0 ? 0 : fault ? c->want.len : c->ends[n - 1];

	p->peer->collect(p->peer->arg, &p->got, bytes);
	if (p->got.len < bytes || !slice_eq(slice_of(p->got.data, bytes),
	    slice_of(c->want.data, bytes)))
		return fail(p, "other answers");
	if (fault)
		return look_for_fault(p);
	return p->got.len == bytes ? 0 : fail(p, "more answers");
}

/* The end: the server has failed the connection, and the client agrees. */
static int
end_with_fault(struct play *p)
{
	const char code[] = { (char)(p->c->fault >> 8), (char)p->c->fault };
	size_t len;

	if (look(p, p->c->n_answers + 1) == -1)
		return -1;
	len = p->got.len;
	add_frame(p, CLOSE, slice_of(code, sizeof(code)));
	flush(p);
	if (!p->peer->finish(p->peer->arg, &p->got))
		return fail(p, "the connection stays open");
	return p->got.len == len ? 0 : fail(p, "more behind the close frame");
}

/* The end: the client closes, unless it has done so already. */
static int
end_normally(struct play *p)
{
	const struct slice code = SLICE("\x03\xe8");
	struct buf want = { 0 };
	bool right;

	if (!p->c->closes && look(p, p->c->n_answers) == -1)
		return -1;
	buf_add_slice(&want, buf_slice(&p->c->want));
	if (!p->c->closes) {
		server_frame_add(&want, CLOSE, code);
		add_frame(p, CLOSE, code);
		flush(p);
	}
	right = p->peer->finish(p->peer->arg, &p->got) &&
	    slice_eq(buf_slice(&p->got), buf_slice(&want));
	buf_clear(&want);
	return right ? 0 : fail(p, "other answers, or no end");
}

static int
play(struct play *p)
{
	const struct autobahn_frame *f;
	size_t i;

	for (i = 0; i < p->c->n_frames; i++) {
		f = &p->c->frames[i];
		if (f->first != AUTOBAHN_LOOK) {
			add(p, f);
			continue;
		}
		flush(p);
		if (look(p, f->announced) == -1)
			return -1;
	}
	flush(p);
	return p->c->fault != 0 ? end_with_fault(p) : end_normally(p);
}

int
autobahn_play(const struct autobahn_case *c, size_t chop,
    const struct autobahn_peer *peer, struct errbuf *e)
{
	struct play p = { .c = c, .peer = peer, .chop = chop, .e = e };
	int rc = play(&p);

	buf_clear(&p.out);
	buf_clear(&p.got);
	return rc;
}
