/*
 * drain.c: ending all sessions of remote peers, each at a random time.
 */
#include "wampd/core/drain.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/log.h"
#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"

#define FRACTION_BITS	32

/* The finalizer of SplitMix64: each bit of the result depends on each bit of
 * x. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* When the session ends.  This is made of its number, which is random, so that
 * no memory is needed for it. */
static int64_t
session_end(const struct drain *d, const struct session *s)
{
	uint64_t part = mix(session_number(s) ^ d->salt) >> FRACTION_BITS;
	uint64_t spread = (uint64_t)d->spread;

	/* spread * part / 2^32, without an overflow */
	return d->began + (int64_t)((spread >> FRACTION_BITS) * part +
	    ((spread & UINT32_MAX) * part >> FRACTION_BITS));
}

/* Whether it is still to get something. */
static bool
is_busy(const struct session *s)
{
	const struct ledger *l = s->ledger;

	return s->blocked || !queue_empty(&s->queue) || (l != NULL &&
	    (!TAILQ_EMPTY(&l->requests) || !TAILQ_EMPTY(&l->owed)));
}

static bool
stays(const struct session *s)
{
	return s->ops->trusted;
}

static size_t
count_left(const struct broker *b)
{
	const struct session *s;
	size_t n = 0;

	TAILQ_FOREACH(s, &b->sessions.open, link)
		n += !stays(s);
	return n;
}

static void
begin_walk(struct broker *b)
{
	b->drain.seen = 0;
	b->drain.cursor.at = TAILQ_FIRST(&b->sessions.open);
}

void
drain_begin(struct broker *b, int64_t spread, bool final)
{
	struct drain *d = &b->drain;

	if (!d->on)
		TAILQ_INSERT_TAIL(&b->cursors, &d->cursor, link);
	d->on = true;
	d->final |= final;
	d->over = false;
	d->began = d->next = b->now;
	d->spread = spread;
	randombytes_buf(&d->salt, sizeof(d->salt));
	d->left = count_left(b);
	begin_walk(b);
	log_info("drain: sessions=%zu spread=%.3fs", d->left,
	    (double)spread / 1e3);
	watch_tell_life(&b->watch, WATCH_DRAIN, "\"state\":\"begun\","
	    "\"sessions\":%zu,\"spread\":%.3f", d->left,
	    (double)spread / 1e3);
}

bool
drain_cancel(struct broker *b)
{
	struct drain *d = &b->drain;

	if (d->on && d->final)
		return false;
	if (d->on) {
		TAILQ_REMOVE(&b->cursors, &d->cursor, link);
		log_info("drain: cancelled, sessions=%zu", drain_left(b));
		watch_tell_life(&b->watch, WATCH_DRAIN, "\"state\":"
		    "\"cancelled\",\"sessions\":%zu,\"spread\":%.3f",
		    drain_left(b), (double)d->spread / 1e3);
	}
	d->on = d->over = false;
	return true;
}

size_t
drain_left(const struct broker *b)
{
	return b->drain.over ? 0 : b->drain.left;
}

int
drain_describe(const struct broker *b, struct buf *out)
{
	const struct drain *d = &b->drain;
	char iso[CLOCK_ISO_SIZE];

	if (!d->on)
		return buf_add_str(out, ",\"draining\":false");
	return buf_addf(out, ",\"draining\":true,\"drain\":"
	    "{\"remaining\":%zu,\"until\":\"%s\"}", drain_left(b),
	    clock_iso_of(iso, b->wall() + d->began + d->spread - b->now));
}

/* Whether it is not the session's time yet. */
static bool
is_early(const struct broker *b, const struct session *s)
{
	int64_t end = session_end(&b->drain, s);

	return b->now < end ||
	    (is_busy(s) && b->now < end + DRAIN_PATIENCE);
}

int64_t
drain_tick(struct broker *b)
{
	struct drain *d = &b->drain;
	unsigned left = DRAIN_PIECE;
	struct session *s;

	if (b->now < d->next)
		return d->next - b->now;
	while (left-- > 0 && (s = sessions_walk(&d->cursor)) != NULL) {
		if (stays(s))
			continue;
		if (is_early(b, s)) {
			d->seen++;
			continue;
		}
		b->stats.sessions_drained++;
		session_turn_away(s, CLOSE_RESTART, "the server is drained");
	}
	if (d->cursor.at == NULL) {
		d->left = d->seen;
		d->over = d->left == 0 && TAILQ_EMPTY(&b->sessions.pending);
		begin_walk(b);
	}
	d->next = b->now + DRAIN_PAUSE;
	return DRAIN_PAUSE;
}
