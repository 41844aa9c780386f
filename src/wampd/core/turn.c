/*
 * turn.c: the work at the end of each turn of the loop.
 */
#include "wampd/core/turn.h"

#include <malloc.h>

#include "base/clock.h"
#include "proto/close_code.h"
#include "wampd/core/account.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/evict.h"
#include "wampd/core/expiry.h"
#include "wampd/core/flush.h"
#include "wampd/core/handler.h"
#include "wampd/core/history.h"
#include "wampd/core/lobby.h"
#include "wampd/core/retain.h"
#include "wampd/core/shared.h"
#include "wampd/core/slow.h"
#include "wampd/core/sub.h"

#define POOL_KEEP	4096	/* chunks: 2 MiB */
#define SWEEP_SLICES	256	/* sweeps in a keep-alive period */
#define SWEEP_MIN	64	/* pings that a sweep may always send */
#define STOP_POLL	50	/* ms between two looks while stopping */

/* Whether the peer is alive although it has not answered the last ping: it has
 * taken bytes since then, and more are on their way, so it may not have got the
 * ping yet. */
static bool
is_taking(struct session *s)
{
	uint64_t before = s->taken;
	bool more;

	s->taken = s->ops->taken(s->conn, &more);
	return more && s->taken != before;
}

/* Ping a session, or close it if it has not answered the last ping.  A paused
 * session is not closed: its answer may be there, but is not read. */
static void
ping_session(struct broker *b, struct session *s, struct frame *ping)
{
	bool taking = is_taking(s);

	TAILQ_REMOVE(&b->sessions.alive, s, alive_link);
	s->due = b->now;
	TAILQ_INSERT_TAIL(&b->sessions.alive, s, alive_link);
	if (s->pinged && !s->heard && !taking && !s->paused) {
		b->stats.sessions_dead++;
		session_doom(s, 0, "no answer to the last ping");
		return;
	}
	s->heard = false;
	s->pinged = true;
	ping->refs++;
	(void)session_send(s, ping);
}

/*
 * Ping the sessions that are due, oldest first.  There are SWEEP_SLICES sweeps
 * in a period, so that the loop does not wake up for each session.
 *
 * Sessions that have connected at the same time are due at the same time, and
 * pinging all of them at once would take too long.  So a sweep pings at most
 * twice its share of all sessions.  That distributes them over half a period.
 */
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
	    s->due + b->set.keepalive <= b->now) {
		if (ping == NULL && (ping = frame_new_control(
		    &b->pressure.frame_bytes, 0x09, SLICE("wampd"))) == NULL)
			break;
		ping_session(b, s, ping);
	}
	frame_unref(ping, 1);
}

/* Close the sessions that are pending or have got everything, and all of them
 * when the time is up. */
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

/* Whether the queues exceed limits.queues. */
static bool
is_full(void *broker)
{
	const struct broker *b = broker;

	return pressure_bytes(&b->pressure) > b->set.limit_queues;
}

static size_t
queue_size(const struct session *s)
{
	return s->queue.bytes;
}

static void
evict_queue(void *broker, struct session *s)
{
	struct broker *b = broker;

	session_turn_away(s, CLOSE_POLICY,
	    "too slow: limits.queues is reached");
	queue_abandon(&s->queue, &b->pressure.pool, s->ops->wire);
}

/* Close the sessions with the largest queues. */
static void
evict(struct broker *b)
{
	const struct eviction by = { queue_size, is_full, evict_queue, b };

	if (!is_full(b))
		return;
	/* First free the events that will not be sent any more. */
	prefix_subs_trim(b);
	evict_largest(b, &by);
}

/* Whether the accounts exceed limits.memory. */
static bool
accounts_are_full(void *broker)
{
	const struct broker *b = broker;

	return b->sessions.memory > b->set.limit_memory;
}

/* What it has caused is freed with it, but counts no more from now on. */
static void
evict_account(void *broker, struct session *s)
{
	(void)broker;
	session_turn_away(s, CLOSE_POLICY,
	    "it causes too much memory: limits.memory is reached");
}

/* Close the sessions with the largest accounts. */
static void
evict_accounts(struct broker *b)
{
	const struct eviction by = { account_of, accounts_are_full,
	    evict_account, b };

	if (accounts_are_full(b))
		evict_largest(b, &by);
}

/* Close the slow receivers that have used up their budget. */
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

/* Free the doomed sessions, oldest first, as many as one turn may.  A session
 * that is still to be flushed is left to the next turn. */
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

/* Whether this turn has left work to the next one. */
static bool
is_behind(const struct broker *b)
{
	return b->flush.dirty != NULL || b->flush.backlog != NULL ||
	    !TAILQ_EMPTY(&b->sessions.doomed) || topic_evict_due(&b->topics) ||
	    topics_are_stale(&b->topics) || judge_is_due(&b->judge) ||
	    taps_are_stirred(&b->taps);
}

/* In how many ms something is due for a session, or -1. */
static int64_t
next_due(const struct broker *b)
{
	const struct session *s = TAILQ_FIRST(&b->sessions.alive);
	const struct slow *slow = TAILQ_FIRST(&b->pressure.slow);
	int64_t wait = -1, ping;

	if (s != NULL && b->set.keepalive > 0) {
		ping = s->due + b->set.keepalive;
		wait = clock_left(ping > b->sessions.next_sweep ? ping :
		    b->sessions.next_sweep, b->now);
	}
	if (slow != NULL)
		wait = clock_sooner(wait, clock_left(slow->due, b->now));
	if (b->stop_until != 0 && b->sessions.n > 0)
		wait = clock_sooner(wait, STOP_POLL);
	return wait;
}

/* Return memory to the system when many sessions have left.  Returns in how
 * many ms to ask again, or -1. */
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

/* Topics that nobody uses, and those of an older generation, with their
 * subscriptions. */
static void
tidy_topics(struct topics *all)
{
	if (topic_evict_due(all))
		topic_evict(all);
	if (topics_are_stale(all))
		topics_renew_some(all);
	if (judge_is_due(&all->broker->judge))
		judge_some(all->broker);
}

/* What the handlers have to do.  In how many ms again, or -1. */
static int64_t
let_handlers_tick(struct broker *b)
{
	int64_t wait = TAILQ_EMPTY(&b->due) ? -1 : handlers_tick(b);

	return b->shared == NULL ? wait : clock_sooner(wait, shared_tick(b));
}

/* What the taps have to do, and kept events that subscribers are still to get.
 * In how many ms again, or -1. */
static int64_t
let_others_tick(struct broker *b)
{
	int64_t wait = taps_tick(&b->taps, b->now);

	wait = clock_sooner(wait, taps_save(&b->taps, b->now));
	if (!LIST_EMPTY(&b->prefix_subs))
		prefix_subs_continue(b);
	if (!TAILQ_EMPTY(&b->replays))
		wait = clock_sooner(wait, replays_continue(b));
	return wait;
}

/* End who is too large, too slow or was doomed.  Free what nobody holds. */
static void
end_some(struct broker *b)
{
	evict(b);
	evict_accounts(b);
	if (!TAILQ_EMPTY(&b->pressure.slow))
		turn_slow_away(b);
	if (b->stop_until != 0)
		stop_idle(b);
	reap(b);
	if (b->unheld > 0)
		generations_reap(b);
	queue_pool_trim(&b->pressure.pool, POOL_KEEP);
}

int64_t
turn_end(struct broker *b)
{
	int64_t wait;

	tidy_topics(&b->topics);
	/* Never delayed, so that processes work while more input is read. */
	if (b->shared != NULL)
		shared_flush(b);
	if (flush_waits(b))
		return 0;
	if (b->set.keepalive > 0)
		sweep(b);
	wait = let_handlers_tick(b);
	wait = clock_sooner(wait, let_others_tick(b));
	if (!TAILQ_EMPTY(&b->throttle.pause.waiters))
		wait = clock_sooner(wait, throttle_tick(b));
	wait = clock_sooner(wait, expiry_tick(b));
	if (b->topics.retained_ends.n > 0)
		wait = clock_sooner(wait, retain_tick(b));
	if (b->topics.history_ends.n > 0)
		wait = clock_sooner(wait, history_tick(b));
	flush_sessions(b);
	if (b->drain.on)
		wait = clock_sooner(wait, drain_tick(b));
	end_some(b);
	wait = clock_sooner(wait, next_due(b));
	wait = clock_sooner(wait, reclaim_memory(b));
	if (!TAILQ_EMPTY(&b->sessions.pending))
		wait = clock_sooner(wait, lobby_tick(b));
	return is_behind(b) ? 0 : wait;
}

/* ---- the time of a turn ---- */

void
turn_begin(struct broker *b)
{
	if (b->turn_began == 0)
		b->turn_began = clock_us();
}

void
turn_measure(struct broker *b)
{
	if (b->turn_began == 0 || b->flush.delayed_turns > 0)
		return;
	histogram_add(&b->histograms.turn, clock_us() - b->turn_began);
	b->turn_began = 0;
}

/* ---- the end of the broker ---- */

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
