/*
 * turn.c: what is done at the end of each turn of the loop.
 */
#include "wampd/core/turn.h"

#include <malloc.h>

#include "base/clock.h"
#include "proto/close_code.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/flush.h"
#include "wampd/core/handler.h"
#include "wampd/core/lobby.h"
#include "wampd/core/retained.h"
#include "wampd/core/shared.h"
#include "wampd/core/slow.h"
#include "wampd/core/sub.h"

#define POOL_KEEP	4096	/* chunks: 2 MiB */
#define SWEEP_SLICES	256	/* a keep-alive period is done in so many */
#define SWEEP_MIN	64	/* pings a slice may do at least */
#define STOP_POLL	50	/* ms between looks while stopping */
#define ALIKE		8	/* queues that differ by one part in so many */

/* Whether the peer has not even seen the last ping, and yet is alive: it still
 * takes what came before.  What its kernel has acknowledged it need not have
 * read, so the ping counts as seen once nothing is on its way. */
static bool
is_taking(struct session *s)
{
	uint64_t before = s->taken;
	bool more;

	s->taken = s->ops->taken(s->conn, &more);
	return more && s->taken != before;
}

/* Ping one session, or give it up when the last ping was not answered.  The
 * answer of one that is not read from may wait unread. */
static void
ping_session(struct broker *b, struct session *s, struct frame *ping)
{
	bool taking = is_taking(s);

	TAILQ_REMOVE(&b->sessions.alive, s, alive_link);
	s->due = b->now + b->set.keepalive;
	TAILQ_INSERT_TAIL(&b->sessions.alive, s, alive_link);
	if (s->pinged && !s->heard && !taking && !s->paused) {
		b->stats.sessions_dead++;
		session_doom(s, 0, "dead: it did not answer the last ping");
		return;
	}
	s->heard = false;
	s->pinged = true;
	ping->refs++;
	(void)session_send(s, ping);
}

/* The sessions whose ping is due, oldest first; a slice of the period at a
 * time, so that a tick neither wakes the loop for each nor stalls it.  Who
 * came in a crowd is due at one time: a slice does twice its share of all
 * sessions, so that they are dealt to half a period from then on. */
static void
sweep(struct broker *b)
{
	size_t left = b->sessions.n / (SWEEP_SLICES / 2) + SWEEP_MIN;
	struct frame *ping = NULL;
	struct session *s;

	if (b->now < b->sessions.next_sweep)
		return;
	b->sessions.next_sweep = b->now + b->set.keepalive / SWEEP_SLICES;
	while (left-- > 0 && (s = TAILQ_FIRST(&b->sessions.alive)) != NULL &&
	    s->due <= b->now) {
		if (ping == NULL && (ping = frame_new_control(
		    &b->pressure.frame_bytes, 0x09, SLICE("wampd"))) == NULL)
			break;
		ping_session(b, s, ping);
	}
	frame_unref(ping, 1);
}

/* Drop who is pending or has nothing left to read, and everyone when time is
 * up. */
static void
stop_idle(struct broker *b)
{
	struct session *s, *next;

	lobby_empty(b);
	for (s = TAILQ_FIRST(&b->sessions.open); s != NULL; s = next) {
		next = TAILQ_NEXT(s, link);
		if ((queue_empty(&s->queue) && !s->blocked) ||
		    b->now >= b->stop_until)
			session_doom(s, 0, "the server stops");
	}
}

/* Do all queues together take too much? */
static bool
is_full(const struct broker *b)
{
	return pressure_bytes(&b->pressure) > b->set.limit_queues;
}

static size_t
largest_queue(const struct broker *b)
{
	const struct session *s;
	size_t largest = 0;

	TAILQ_FOREACH(s, &b->sessions.open, link)
		if (s->queue.bytes > largest)
			largest = s->queue.bytes;
	return largest;
}

/* Frames may be others' too, so what one session's end frees shows only when
 * it is gone. */
static void
evict_from(struct broker *b, size_t least)
{
	struct session *s, *next;

	for (s = TAILQ_FIRST(&b->sessions.open); s != NULL && is_full(b);
	    s = next) {
		next = TAILQ_NEXT(s, link);
		if (s->queue.bytes < least)
			continue;
		b->stats.sessions_evicted++;
		session_turn_away(s, CLOSE_POLICY,
		    "too slow: limits.queues is reached");
		queue_clear(&s->queue, &b->pressure.pool);
	}
}

/* The largest queue goes first, and those of about its size with it: when a
 * crowd is slow, to look for the largest each time would take its square. */
static void
evict(struct broker *b)
{
	size_t largest;

	/* What nobody will be sent is no reason to drop anyone. */
	if (is_full(b))
		prefix_subs_trim(b);
	while (is_full(b) && (largest = largest_queue(b)) > 0)
		evict_from(b, largest - largest / ALIKE);
}

/* Close the receivers that have used up the time in which they may hold others
 * up. */
static void
turn_slow_away(struct broker *b)
{
	struct session *s;

	while ((s = slow_expired(b)) != NULL) {
		b->stats.sessions_overflowed++;
		session_turn_away(s, CLOSE_POLICY,
		    "too slow: it did not read");
	}
}

/* Free who was doomed, oldest first, as many as one turn may.  One that is
 * still to be written to has its turn later. */
static void
reap(struct broker *b)
{
	size_t closes = TURN_CLOSES, subs = TURN_SUBS;
	struct session *s;

	while (closes-- > 0 && (s = TAILQ_FIRST(&b->sessions.doomed)) != NULL) {
		if (s->dirty) {
			TAILQ_REMOVE(&b->sessions.doomed, s, link);
			TAILQ_INSERT_TAIL(&b->sessions.doomed, s, link);
		} else if (sub_remove_some(&b->topics, s, &subs)) {
			lobby_free(s);
		} else {
			return;
		}
	}
}

/* Is there more to do than one turn may? */
static bool
is_behind(const struct broker *b)
{
	return b->flush.dirty != NULL || b->flush.backlog != NULL ||
	    !TAILQ_EMPTY(&b->sessions.doomed) || topic_evict_due(&b->topics) ||
	    topics_are_stale(&b->topics);
}

/* How long nothing needs to be done. */
static int64_t
next_due(const struct broker *b)
{
	const struct session *s = TAILQ_FIRST(&b->sessions.alive);
	const struct slow *c = TAILQ_FIRST(&b->pressure.slow);
	int64_t wait = -1;

	if (s != NULL && b->set.keepalive > 0)
		wait = clock_left(s->due > b->sessions.next_sweep ?
		    s->due : b->sessions.next_sweep, b->now);
	if (c != NULL)
		wait = clock_sooner(wait, clock_left(c->due, b->now));
	if (b->stop_until != 0 && b->sessions.n > 0)
		wait = clock_sooner(wait, STOP_POLL);
	return wait;
}

/* Give memory back when many have left.  How long that may wait, or -1. */
static int64_t
reclaim_memory(struct broker *b)
{
	int64_t wait;

	wait = reclaim_wait(&b->reclaim, b->sessions.by_id.count +
	    b->topics.subs.count, b->now);
	if (wait != 0)
		return wait;
	map_shrink(&b->sessions.by_id);
	map_shrink(&b->topics.by_name);
	map_shrink(&b->topics.subs);
	queue_pool_trim(&b->pressure.pool, 0);
	(void)malloc_trim(0);
	return -1;
}

int64_t
turn_end(struct broker *b)
{
	int64_t handlers, shared, taps, wait;

	if (topic_evict_due(&b->topics))
		topic_evict(&b->topics);
	if (topics_are_stale(&b->topics))
		topics_renew_some(&b->topics);
	/* Not put off: processes work while more is read. */
	shared_flush(b);
	if (flush_waits(b))
		return 0;
	if (b->set.keepalive > 0)
		sweep(b);
	handlers = handlers_tick(b);
	shared = shared_tick(b);
	taps = taps_tick(&b->taps, b->now);
	taps = clock_sooner(taps, taps_save(&b->taps, b->now));
	prefix_subs_continue(b);
	if (b->retained_frame.frame != NULL)
		retained_forget(b);
	flush_sessions(b);
	evict(b);
	turn_slow_away(b);
	if (b->stop_until != 0)
		stop_idle(b);
	reap(b);
	if (b->unheld > 0)
		generations_reap(b);
	queue_pool_trim(&b->pressure.pool, POOL_KEEP);
	wait = clock_sooner(next_due(b), reclaim_memory(b));
	wait = clock_sooner(wait, shared);
	if (!TAILQ_EMPTY(&b->sessions.pending))
		wait = clock_sooner(wait, lobby_tick(b));
	if (is_behind(b))
		return 0;
	return clock_sooner(wait, clock_sooner(handlers, taps));
}

void
turn_stop(struct broker *b, int64_t grace)
{
	struct session *s;

	b->stop_until = b->now + grace;
	TAILQ_FOREACH(s, &b->sessions.open, link)
		if (!s->paused) {
			s->paused = true;
			s->ops->pause(s->conn, true);
		}
}
