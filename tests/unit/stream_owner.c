/*
 * stream_owner.c: an owner of a stream that does what the test says.
 */
#include "stream_owner.h"

#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

static struct owner *
owner_of(struct stream *s)
{
	return (struct owner *)(void *)s;
}

/* Nothing may be told once the stream is closed. */
static struct owner *
told(struct stream *s)
{
	struct owner *o = owner_of(s);

	if (s->fd == -1)
		tap_ok(false, "a closed stream is left alone");
	return o;
}

static void
on_secured(struct stream *s)
{
	told(s)->secured++;
}

static void
on_insecure(struct stream *s, const char *reason)
{
	tap_ok(reason != NULL, "a failure has a reason");
	told(s)->insecure++;
	stream_finish(s);
}

static size_t
on_input(struct stream *s, char *p, size_t n)
{
	struct owner *o = told(s);
	size_t used = n < o->uses ? n : o->uses;

	o->inputs++;
	if (o->pauses_at > 0 && o->got.len + used >= o->pauses_at) {
		used = o->pauses_at - o->got.len;
		o->pauses_at = 0;
		stream_pause(s, true);
	}
	if (n == 0 || buf_add(&o->got, p, used) == -1)
		abort();
	if (used < n && o->yields)
		stream_yield(s);
	if (o->then != NULL)
		o->then(o);
	return used;
}

static void
on_ended(struct stream *s, bool broken)
{
	struct owner *o = told(s);

	o->ended++;
	o->broken = broken;
}

static void
on_writable(struct stream *s)
{
	told(s)->writables++;
}

static void
on_closed(struct stream *s)
{
	owner_of(s)->closed++;
}

#define OPS								\
	.secured = on_secured, .insecure = on_insecure,			\
	.input = on_input, .ended = on_ended, .writable = on_writable,	\
	.closed = on_closed

static const struct stream_ops ops = { OPS };
static const struct stream_ops half_close_ops = { .half_close = true, OPS };

int
owner_open(struct owner *o, struct loop *s, int type, bool half_close,
    struct tls *tls)
{
	int theirs, fd = peer_pair(type, &theirs);

	*o = (struct owner){ .uses = SIZE_MAX };
	if (stream_open(&o->stream, s->streams, half_close ?
	    &half_close_ops : &ops, theirs, tls) == -1)
		abort();
	return fd;
}

int
owner_open_tcp(struct owner *o, struct loop *s)
{
	int theirs, fd = peer_tcp(&theirs);

	*o = (struct owner){ .uses = SIZE_MAX };
	if (stream_open(&o->stream, s->streams, &ops, theirs, NULL) == -1)
		abort();
	return fd;
}

void
owner_close(struct owner *o, struct loop *s, const char *what)
{
	tap_int(o->closed, 0, "%s: it was not closed before", what);
	stream_close(&o->stream);
	stream_close(&o->stream);
	tap_ok(loop_settle(s), "%s: the loop rests when it is closed", what);
	tap_int(o->closed, 1, "%s: and it is closed once", what);
	buf_clear(&o->got);
}
