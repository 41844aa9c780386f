/*
 * broker.c: the one structure everything hangs off, and its turn.
 */
#include "wampd/core/broker.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "proto/close_code.h"
#include "route/declare.h"
#include "route/table.h"
#include "wampd/core/choke.h"
#include "wampd/core/handler.h"
#include "wampd/core/shared.h"

#define POOL_KEEP	4096	/* chunks: 2 MiB */
#define SWEEP_SLICES	256	/* a keep-alive period is done in so many */
#define SWEEP_MIN	64	/* pings a slice may do at least */
#define STOP_POLL	50	/* ms between looks while stopping */
#define ALIKE		8	/* queues that differ by one part in so many */

static struct slice
session_key(const void *session)
{
	return slice_str(((const struct session *)session)->id);
}

static void
broker_init(struct broker *b, const struct broker_settings *set,
    const struct broker_parts *parts)
{
	b->set = *set;
	b->rules = (struct wamp1_rules){
		.role = WAMP1_SERVER,
		.compat = (enum wamp_compat)set->compat,
		.depth = (unsigned)set->limit_depth,
	};
	TAILQ_INIT(&b->sessions);
	TAILQ_INIT(&b->doomed);
	TAILQ_INIT(&b->alive);
	TAILQ_INIT(&b->chokes);
	TAILQ_INIT(&b->due);
	TAILQ_INIT(&b->used_topics);
	TAILQ_INIT(&b->idle_topics);
	TAILQ_INIT(&b->cursors);
	STAILQ_INIT(&b->taps);
	LIST_INIT(&b->watches);
	b->dirty_tail = &b->dirty;
	b->backlog_tail = &b->backlog;
	map_init(&b->session_by_id, session_key);
	map_init(&b->topics, topic_key);
	map_init(&b->subs, sub_key);
	b->started = b->now = clock_ms();
	b->wall = clock_wall_ms;
	b->routes = parts->routes;
	b->declared = parts->declared;
	b->types = parts->types;
	b->children = parts->children;
	b->children_ctx = parts->children_ctx;
	b->loop = parts->loop;
	b->loop_ctx = parts->loop_ctx;
}

struct broker *
broker_new(const struct broker_settings *set,
    const struct broker_parts *parts, struct errbuf *e)
{
	struct broker *b;

	if ((b = calloc(1, sizeof(*b))) == NULL) {
		err_set(e, "out of memory");
		declare_free(parts->declared);
		routes_free(parts->routes);
		return NULL;
	}
	broker_init(b, set, parts);
	if ((b->batch = malloc(BROKER_BATCH)) == NULL)
		err_set(e, "out of memory");
	else if (handlers_make(b, parts->diags, e) == 0)
		return b;
	broker_free(b);
	return NULL;
}

void
broker_free(struct broker *b)
{
	struct session *s;

	if (b == NULL)
		return;
	while ((s = TAILQ_FIRST(&b->sessions)) != NULL)
		session_doom(s, 0, "the server stops");
	while ((s = TAILQ_FIRST(&b->doomed)) != NULL)
		session_free(s);
	taps_free(&b->taps);
	procedures_clear(&b->procedures);
	topic_free_all(b);
	map_clear(&b->session_by_id);
	shared_free(b);
	handlers_free(b);
	declare_free(b->declared);
	routes_free(b->routes);
	queue_pool_trim(&b->pool, 0);
	buf_clear(&b->scratch_uri);
	buf_clear(&b->scratch_text);
	buf_clear(&b->scratch_out);
	free(b->batch);
	free(b);
}

void
broker_set_now(struct broker *b, int64_t now_ms)
{
	b->now = now_ms;
}

bool
broker_drops(const struct broker *b)
{
	return b->set.come_back == COME_BACK_DROP ||
	    (b->set.come_back == COME_BACK_AUTO &&
	    b->set.compat == WAMP_COMPAT_ORO);
}

struct session *
broker_session(struct broker *b, struct slice id)
{
	return map_find(&b->session_by_id, id);
}

struct handler *
broker_route(struct broker *b, struct slice topic, const struct route **route,
    struct route_attrs *attrs)
{
	*route = NULL;
	if (b->routes == NULL)
		return b->open_handler;
	if ((*route = routes_match(b->routes, topic, attrs)) == NULL)
		return NULL;
	return b->by_route[(*route)->index];
}

/* ---- the turn ---- */

/*
 * Whether the flush should wait because a flood is being read: the more of it
 * is in the queues, the more events leave in one write.  Bounded in turns and
 * in time, and never when no input is waiting, so a single event leaves at
 * once (performance.md, section 2, item 5).
 */
static bool
broker_holds_flush(struct broker *b)
{
	bool more = b->more_input;
	int64_t now;

	b->more_input = false;
	if (!more || b->dirty == NULL ||
	    ++b->held_turns > BROKER_HELD_TURNS)
		goto flush;
	now = clock_us();
	if (b->held_since == 0)
		b->held_since = now;
	if (now - b->held_since < BROKER_HELD_US)
		return true;
flush:
	b->held_turns = 0;
	b->held_since = 0;
	return false;
}

/* Flush the first ones of a list, n at most; how many that were. */
static size_t
flush_some(struct session **list, struct session ***tail, size_t n)
{
	struct session *s;
	size_t done;

	for (done = 0; done < n && (s = *list) != NULL; done++) {
		if ((*list = s->dirty_next) == NULL)
			*tail = list;
		s->dirty = false;
		session_flush(s);
	}
	return done;
}

/* What is new comes first: who hears one event does not wait for a crowd that
 * hears another. */
static void
broker_flush(struct broker *b)
{
	size_t n = flush_some(&b->dirty, &b->dirty_tail, TURN_FLUSHES);

	(void)flush_some(&b->backlog, &b->backlog_tail, TURN_FLUSHES - n);
	if (b->dirty != NULL) {
		*b->backlog_tail = b->dirty;
		b->backlog_tail = b->dirty_tail;
		b->dirty = NULL;
		b->dirty_tail = &b->dirty;
	}
	b->messages = 0;
}

void
broker_breathe(struct broker *b)
{
	(void)taps_save(&b->taps);	/* before anyone is told */
	broker_flush(b);
}

/* Whether the peer has not even seen the last ping, and yet is alive: it still
 * takes what came before.  What its kernel has acknowledged it need not have
 * read, so the ping counts as seen once nothing is on its way. */
static bool
broker_is_taking(struct session *s)
{
	uint64_t before = s->taken;
	bool more;

	s->taken = s->ops->taken(s->conn, &more);
	return more && s->taken != before;
}

/* Ping one session, or give it up when the last ping was not answered.  The
 * answer of one that is not read from may wait unread. */
static void
broker_ping(struct broker *b, struct session *s, struct frame *ping)
{
	bool taking = broker_is_taking(s);

	TAILQ_REMOVE(&b->alive, s, alive_link);
	s->ping_due = b->now + b->set.keepalive;
	TAILQ_INSERT_TAIL(&b->alive, s, alive_link);
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
broker_sweep(struct broker *b)
{
	size_t left = b->nsessions / (SWEEP_SLICES / 2) + SWEEP_MIN;
	struct frame *ping = NULL;
	struct session *s;

	if (b->now < b->next_sweep)
		return;
	b->next_sweep = b->now + b->set.keepalive / SWEEP_SLICES;
	while (left-- > 0 && (s = TAILQ_FIRST(&b->alive)) != NULL &&
	    s->ping_due <= b->now) {
		if (ping == NULL && (ping = frame_new_control(
		    &b->frame_bytes, 0x09, SLICE("wampd"))) == NULL)
			break;
		broker_ping(b, s, ping);
	}
	frame_unref(ping, 1);
}

/* Drop who has nothing left to read, and everyone when time is up. */
static void
broker_stop_idle(struct broker *b)
{
	struct session *s, *next;

	for (s = TAILQ_FIRST(&b->sessions); s != NULL; s = next) {
		next = TAILQ_NEXT(s, link);
		if ((queue_empty(&s->queue) && !s->blocked) ||
		    b->now >= b->stop_until)
			session_doom(s, 0, "the server stops");
	}
}

/* Do all queues together take too much?  What is retained is not the queues'
 * fault. */
static bool
broker_is_full(const struct broker *b)
{
	return b->frame_bytes - b->retained_frames +
	    b->pool.used * sizeof(struct queue_chunk) > b->set.limit_queues;
}

static size_t
broker_largest_queue(const struct broker *b)
{
	const struct session *s;
	size_t largest = 0;

	TAILQ_FOREACH(s, &b->sessions, link)
		if (s->queue.bytes > largest)
			largest = s->queue.bytes;
	return largest;
}

/* Frames may be others' too, so what one session's end frees shows only when
 * it is gone. */
static void
broker_evict_from(struct broker *b, size_t least)
{
	struct session *s, *next;

	for (s = TAILQ_FIRST(&b->sessions); s != NULL && broker_is_full(b);
	    s = next) {
		next = TAILQ_NEXT(s, link);
		if (s->queue.bytes < least)
			continue;
		b->stats.sessions_evicted++;
		session_turn_away(s, CLOSE_POLICY,
		    "too slow: limits.queues is reached");
		queue_clear(&s->queue, &b->pool);
	}
}

/* The largest queue goes first, and those of about its size with it: when a
 * crowd is slow, to look for the largest each time would take its square. */
static void
broker_evict(struct broker *b)
{
	size_t largest;

	/* What nobody will be sent is no reason to drop anyone. */
	if (broker_is_full(b))
		watches_trim(b);
	while (broker_is_full(b) && (largest = broker_largest_queue(b)) > 0)
		broker_evict_from(b, largest - largest / ALIKE);
}

/* Free who was doomed, oldest first, as many as one turn may.  One that is
 * still to be written to has its turn later. */
static void
broker_reap(struct broker *b)
{
	size_t closes = TURN_CLOSES, subs = TURN_SUBS;
	struct session *s;

	while (closes-- > 0 && (s = TAILQ_FIRST(&b->doomed)) != NULL) {
		if (s->dirty) {
			TAILQ_REMOVE(&b->doomed, s, link);
			TAILQ_INSERT_TAIL(&b->doomed, s, link);
		} else if (topic_remove_some(b, s, &subs)) {
			session_free(s);
		} else {
			return;
		}
	}
}

/* Is there more to do than one turn may? */
static bool
broker_is_behind(const struct broker *b)
{
	return b->dirty != NULL || b->backlog != NULL ||
	    !TAILQ_EMPTY(&b->doomed) || topic_evict_due(b);
}

/* How long nothing needs to be done. */
static int64_t
broker_wait(const struct broker *b)
{
	const struct session *s = TAILQ_FIRST(&b->alive);
	const struct choke *c = TAILQ_FIRST(&b->chokes);
	int64_t wait = -1;

	if (s != NULL)
		wait = clock_left(s->ping_due > b->next_sweep ?
		    s->ping_due : b->next_sweep, b->now);
	if (c != NULL)
		wait = clock_sooner(wait, clock_left(c->due, b->now));
	if (b->stop_until != 0 && b->nsessions > 0)
		wait = clock_sooner(wait, STOP_POLL);
	return wait;
}

/* Give memory back when many have left.  How long that may wait, or -1. */
static int64_t
broker_reclaim(struct broker *b)
{
	int64_t wait;

	wait = reclaim_wait(&b->reclaim, b->nsessions + b->subs.count, b->now);
	if (wait != 0)
		return wait;
	map_shrink(&b->session_by_id);
	map_shrink(&b->topics);
	map_shrink(&b->subs);
	queue_pool_trim(&b->pool, 0);
	(void)malloc_trim(0);
	return -1;
}

int64_t
broker_turn(struct broker *b)
{
	int64_t handlers, shared, taps, wait;

	topic_evict(b);
	/* Not put off: processes work while more is read. */
	shared_flush(b);
	if (broker_holds_flush(b))
		return 0;
	if (b->set.keepalive > 0)
		broker_sweep(b);
	handlers = handlers_tick(b);
	shared = shared_tick(b);
	taps = taps_tick(&b->taps);
	taps = clock_sooner(taps, taps_save(&b->taps));
	watches_continue(b);
	broker_flush(b);
	broker_evict(b);
	choke_expire(b);
	if (b->stop_until != 0)
		broker_stop_idle(b);
	broker_reap(b);
	queue_pool_trim(&b->pool, POOL_KEEP);
	wait = clock_sooner(broker_wait(b), broker_reclaim(b));
	wait = clock_sooner(wait, shared);
	if (broker_is_behind(b))
		return 0;
	return clock_sooner(wait, clock_sooner(handlers, taps));
}

void
broker_shutdown(struct broker *b, int64_t grace)
{
	struct session *s;

	b->stop_until = b->now + grace;
	TAILQ_FOREACH(s, &b->sessions, link)
		if (!s->paused) {
			s->paused = true;
			s->ops->pause(s->conn, true);
		}
}
