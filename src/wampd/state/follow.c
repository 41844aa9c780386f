/*
 * follow.c: following what topics keep, and having it written.
 *
 * Records wait in memory.  One thread at a time writes a batch of them, and all
 * that come meanwhile are the next batch.
 */
#include "wampd/state/follow.h"

#include <time.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/loop.h"
#include "wampd/state/record.h"
#include "wampd/state/state_parts.h"

#define PENDING_MAX	(16u << 20)	/* bytes of records that wait */
#define WALK_TURN	200		/* events of a walk in one turn */
#define WALK_BATCH	(1u << 20)	/* bytes that are written at once */
#define SLACK		(1u << 20)	/* bytes; a smaller log is not
					 * replaced */

static bool
is_always(const struct state *s)
{
	return s->broker->set.state_sync < 0;
}

/* ---- following ---- */

/* The records do not fit into memory.  The topics still keep the events, so a
 * new log is made of them. */
static void
lose(struct state *s, const char *why)
{
	if (!s->lost && why != NULL)
		log_warn("%s: %s; it will be written anew", s->path.data,
		    why);
	s->lost = true;
	buf_clear(&s->more);
	if (!s->busy)
		buf_clear(&s->job.more);
}

/* Make no new log. */
static void
stop_walk(struct state *s)
{
	if (s->walking && !s->walked)
		keep_walk_end(&s->walk);
	s->walking = s->walked = false;
	buf_clear(&s->copy);
	/* If a thread has it, that is done when it returns. */
	if (!s->busy && s->job.fresh.fd != -1)
		log_file_abandon(&s->job.fresh);
}

static void
add(struct state *s, const struct record *r)
{
	if (!s->lost && (s->more.len + s->job.more.len > PENDING_MAX ||
	    record_add(&s->more, r) == -1))
		lose(s, "too many changes wait to be written");
	if (s->walking && (s->copy.len > PENDING_MAX ||
	    record_add(&s->copy, r) == -1))
		stop_walk(s);
	s->broker->saved.wait = is_always(s);
	if (s->oldest != -1 && (s->busy ||
	    (!s->broker->saved.wait && s->more.len < WALK_BATCH)))
		return;
	if (s->oldest == -1)
		s->oldest = s->broker->now;
	tap_stir(s->tap);
}

void
follow_renew(struct state *s)
{
	lose(s, NULL);
	s->oldest = s->broker->now;
	tap_stir(s->tap);
}

static struct record
record_of(const struct topic *t, const struct event *ev, unsigned as)
{
	return (struct record){ .topic = t->name, .event = event_json(ev),
	    .number = ev->number, .at = ev->at, .until = ev->until,
	    .as = as };
}

static void
on_kept(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	const struct record r = record_of(t, ev, as);
	struct state *s = ctx;

	if (!s->open)
		return;
	s->broker->stats.state_records++;
	add(s, &r);
}

/* What replaces an event says so itself. */
static void
on_dropped(void *ctx, const struct topic *t, struct event *ev, unsigned as,
    enum keep_end why)
{
	struct record r = record_of(t, ev, as | RECORD_DROP);
	struct state *s = ctx;

	if (!s->open || why == KEEP_REPLACED)
		return;
	r.event.len = 0;
	s->broker->stats.state_records++;
	add(s, &r);
}

const struct keep_ops follow_keeper = { on_kept, on_dropped };

/* ---- a new log ---- */

static bool
wants_walk(const struct state *s)
{
	if (s->walking || s->oldest == -1)
		return false;
	return s->lost || (s->log_size > SLACK + 2 * s->least &&
	    (!s->renew.failed || s->broker->now >= s->renew.again));
}

static void
on_walk(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	const struct record r = record_of(t, ev, as);
	struct state *s = ctx;

	/* If that fails, a record is missing, and the walk begins again. */
	if (s->walking && record_add(&s->copy, &r) == -1)
		s->walking = false;
}

/* Go on with the walk.  Returns whether there is more to do at once. */
static bool
walk_some(struct state *s)
{
	if (s->walked || s->copy.len >= WALK_BATCH)
		return false;
	if (keep_walk_some(&s->walk, WALK_TURN, on_walk, s) && s->walking)
		return true;
	keep_walk_end(&s->walk);
	s->walked = true;
	if (!s->walking)
		stop_walk(s);
	return false;
}

/* ---- writing ---- */

/* In how many ms the next batch must be written; 0: now; -1: there is none. */
static int64_t
batch_wait(const struct state *s)
{
	int64_t now = s->broker->now, due;

	if (s->oldest == -1 && !s->walking)
		return -1;
	if (s->save.failed)
		return s->save.again > now ? s->save.again - now : 0;
	if (s->walked || s->copy.len >= WALK_BATCH ||
	    s->more.len >= WALK_BATCH)
		return 0;
	if (s->oldest == -1 || (s->lost && s->walking))
		return -1;
	/* The other half is for the disk. */
	due = is_always(s) ? now : s->oldest + s->broker->set.state_sync / 2;
	return due > now ? due - now : 0;
}

static void
swap(struct buf *a, struct buf *b)
{
	struct buf was = *a;

	*a = *b;
	*b = was;
}

/* Fill the job.  What has failed comes first.  Returns whether there is
 * something to write. */
static bool
fill(struct state *s)
{
	struct write_job *j = &s->job;

	if (j->more.len == 0)
		swap(&j->more, &s->more);
	if (s->walking) {
		swap(&j->copy, &s->copy);
		buf_reset(&s->copy);
		j->finish = s->walked && s->more.len == 0;
	}
	j->kept = s->broker->saved.kept;
	return j->more.len > 0 || j->copy.len > 0 || j->finish;
}

/* A log that could only not be replaced still has everything. */
static void
fail(struct state *s)
{
	struct write_job *j = &s->job;
	int64_t now = s->broker->now;

	s->broker->stats.state_failures++;
	stop_walk(s);
	if (j->rc == 0 && !s->lost) {
		chore_tried(&s->renew, now, -1, &j->e);
		return;
	}
	if (j->gone)
		lose(s, NULL);
	chore_tried(&s->save, now, -1, &j->e);
	if (is_always(s))
		saved_failed(s->broker, j->e.msg);
}

/* Everything is on disk that was kept before the job. */
static void
succeed(struct state *s)
{
	struct broker *b = s->broker;

	chore_tried(&s->save, b->now, 0, NULL);
	s->oldest = s->more.len > 0 ? b->now : -1;
	saved_until(b, s->job.kept);
}

/* The log was replaced.  What was kept meanwhile belongs behind it. */
static void
replaced(struct state *s)
{
	s->broker->stats.state_compactions++;
	s->least = s->log_size;
	chore_tried(&s->renew, s->broker->now, 0, NULL);
	if (!s->walking)
		return;		/* too much was kept meanwhile */
	if (s->lost)
		swap(&s->more, &s->copy);
	buf_reset(&s->copy);
	s->walking = s->walked = s->lost = false;
}

static void
state_written(struct state *s)
{
	struct write_job *j = &s->job;

	s->busy = false;
	s->log_size = j->log.size;
	s->broker->stats.state_syncs = j->log.syncs + j->fresh.syncs;
	if (j->rc == 0 || s->lost) {
		s->broker->stats.state_bytes += j->more.len + j->copy.len;
		buf_reset(&j->more);
	}
	buf_reset(&j->copy);
	if (j->finish && j->rc == 0 && j->fresh_rc == 0)
		replaced(s);
	else if (!s->walking)
		stop_walk(s);
	j->finish = false;
	if (!s->lost && j->rc == 0)
		succeed(s);
	if (j->rc == -1 || j->fresh_rc == -1)
		fail(s);
	tap_stir(s->tap);
}

static void
run(void *arg)
{
	struct state *s = arg;

	write_job_run(&s->job);
	atomic_store(&s->ended, true);
}

static void
on_written(void *arg, int64_t now)
{
	struct state *s = arg;

	if (s->stale > 0) {
		s->stale--;
		return;
	}
	broker_set_now(s->broker, now);
	state_written(s);
}

static void
start(struct state *s)
{
	const struct broker *b = s->broker;

	s->busy = true;
	atomic_store(&s->ended, false);
	if (b->loop != NULL && b->loop->work(b->loop_ctx, run, on_written,
	    s) == 0)
		return;
	run(s);
	state_written(s);
}

/* Begin to make a new log, or go on with that.  Returns whether there is more
 * to do at once. */
static bool
renew(struct state *s)
{
	if (wants_walk(s) && batch_wait(s) == 0) {
		keep_walk_begin(&s->walk, s->broker);
		s->walking = true;
	}
	return s->walking && walk_some(s);
}

int64_t
follow_tick(void *ctx)
{
	struct state *s = ctx;
	int64_t wait;
	bool more;

	if (!s->open)
		return -1;
	more = renew(s);
	if (s->busy)
		return more ? 0 : -1;
	if ((wait = batch_wait(s)) == 0) {
		if (fill(s))
			start(s);
		wait = s->busy ? -1 : 1;
	}
	return more ? 0 : wait;
}

/* ---- without the loop ---- */

static void
wait_for_thread(struct state *s)
{
	const struct timespec pause = { 0, 1000000 };

	while (!atomic_load(&s->ended))
		(void)nanosleep(&pause, NULL);
	s->stale++;
	state_written(s);
}

bool
follow_write_now(struct state *s)
{
	uint64_t failures;

	if (s->busy)
		wait_for_thread(s);
	failures = s->broker->stats.state_failures;
	while (s->oldest != -1 && s->broker->stats.state_failures == failures) {
		if (s->lost && !s->walking) {
			keep_walk_begin(&s->walk, s->broker);
			s->walking = true;
		}
		while (s->walking && walk_some(s))
			continue;
		if (!fill(s))
			break;
		write_job_run(&s->job);
		state_written(s);
	}
	stop_walk(s);
	return s->oldest == -1;
}
