/*
 * jq_watch.c: processes of the pool that take too long.
 */
#include "wampd/handlers/jq_watch.h"

#include "base/clock.h"
#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/handlers/jq_ask.h"
#include "wampd/handlers/jq_lane.h"
#include "wampd/handlers/jq_slot.h"

#define WATCH_IDLE	60000	/* ms until an idle worker is ended */
#define WATCH_LOOK	30000	/* ms without an answer before a look at the
				 * worker */
#define WATCH_OVERDUE	4	/* times the timeout of a program */

/* A request takes long: recall those behind it, so that other processes can
 * have them. */
static void
watch_recall(struct jq_slot *s)
{
	struct jq_job *job = TAILQ_FIRST(&s->sent), *last;
	uint32_t i;

	if (s->pool->n == 1 || s->nsent < 2 ||
	    jq_worker_running(s->worker) != job->seq)
		return;
	last = TAILQ_LAST(&s->sent, jq_job_list);
	s->recalled = last->seq;
	jq_worker_recall(s->worker, job->seq, last->seq);
	for (i = 0; i < s->pool->nprograms; i++)
		s->seen[i].valid = false;
	jq_lane_take_back(s, TAILQ_NEXT(job, link));
}

/* Move lanes that have sent nothing yet to other slots, if there are any. */
static void
watch_shed(struct jq_slot *s)
{
	struct jq_lane *l, *next;

	for (l = TAILQ_FIRST(&s->ready); l != NULL; l = next) {
		next = TAILQ_NEXT(l, link);
		if (l->nsent == 0)
			jq_lane_move(l);
	}
}

/* Whether a worker that has not answered for long is stuck.  On a busy machine
 * that alone is not enough.  But a worker that used no processor time is
 * stopped, and one that used too much does not end itself as it should. */
static bool
watch_is_stuck(struct jq_slot *s, int64_t limit_ms)
{
	int64_t before = s->cpu;

	s->cpu = jq_worker_cpu(s->worker);
	s->heard = jq_slot_now(s);
	return s->cpu == before ||
	    s->cpu - before > (WATCH_OVERDUE * limit_ms + WATCH_LOOK) * 1000;
}

static int64_t
watch_worker(struct jq_slot *s, int64_t now)
{
	const struct jq_job *job = TAILQ_FIRST(&s->sent);

	if (job == NULL && (s == s->pool->slots || s->nlanes > 0))
		return -1;
	if (job == NULL && s->heard + WATCH_IDLE <= now) {
		log_info("jq=%zu pid=%ld ended: it was idle",
		    jq_slot_index(s), jq_worker_pid(s->worker));
		jq_slot_close(s);
		return -1;
	}
	if (job == NULL)
		return clock_left(s->heard + WATCH_IDLE, now);
	if (s->nsent > 1 || !TAILQ_EMPTY(&s->ready)) {
		if (!jq_slot_is_held(s))
			return clock_left(s->heard + JQ_SLOT_HELD, now);
		watch_recall(s);
		watch_shed(s);
	}
	if (s->heard + WATCH_LOOK <= now && !s->stopping && watch_is_stuck(s,
	    s->pool->programs[job->program - 1].limit)) {
		s->stopping = true;
		jq_worker_kill(s->worker);
	}
	return clock_left(s->heard + WATCH_LOOK, now);
}

int64_t
jq_watch_tick(struct jq_slot *s)
{
	int64_t now = jq_slot_now(s);

	if (s->worker != NULL)
		return watch_worker(s, now);
	jq_ask_pump(s);
	if (s->worker == NULL && !TAILQ_EMPTY(&s->ready))
		return clock_left(s->start_at, now);
	return -1;
}
