/*
 * jq_slot_end.c: the end of a process of the pool, and what takes it too long.
 */
#include "base/clock.h"
#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/request.h"
#include "wampd/handlers/jq_pool.h"

#define SLOT_IDLE	60000	/* ms until a worker ends that nobody asks */
#define SLOT_LOOK	30000	/* ms without an answer until it is looked at */
#define SLOT_OVERDUE	4	/* times what a program may take */
#define SLOT_COST_LOST	1000000	/* us; what a worker's end counts for */

/* ---- the end ---- */

/* The one that it was lost over. */
static struct jq_job *
slot_culprit(struct jq_slot *s, const struct jq_fate *fate)
{
	struct jq_job *job;

	if (!fate->busy)
		return NULL;
	TAILQ_FOREACH(job, &s->sent, link)
		if (job->seq == fate->running)
			return job;
	return TAILQ_FIRST(&s->sent);	/* its program was being compiled */
}

static void
slot_blame(struct jq_slot *s, struct jq_job *job, const char *how, long pid)
{
	jq_slot_unsend(s, job);
	jq_lane_done(job->lane);
	jq_job_charge(job, SLOT_COST_LOST);
	jq_slot_lose(s, job, how, pid);
}

/* Those from `first` on are to be asked again, in their order. */
static void
slot_take_back(struct jq_slot *s, struct jq_job *first)
{
	struct jq_lane *l, *next_lane;
	struct jq_job *job, *next;

	for (job = first; job != NULL; job = next) {
		next = TAILQ_NEXT(job, link);
		jq_slot_unsend(s, job);
		jq_lane_put_back(job->lane, job);
	}
	for (l = TAILQ_FIRST(&s->pool->lanes); l != NULL; l = next_lane) {
		next_lane = TAILQ_NEXT(l, all_link);
		if (l->slot == s)
			jq_lane_update(l);
	}
}

void
jq_slot_lost(struct jq_slot *s)
{
	long pid = jq_worker_pid(s->worker);
	struct jq_job *culprit;
	struct jq_fate fate;

	jq_worker_end(s->worker, &fate);
	(void)jq_slot_hear(s);
	jq_slot_reset_result(s);
	jq_slot_close(s);
	if (fate.end != JQ_END_RETIRED) {
		s->pool->broker->stats.jq_lost++;
		jq_slot_delay(s);
	}
	if ((culprit = slot_culprit(s, &fate)) != NULL)
		slot_blame(s, culprit, fate.how, pid);
	else if (fate.end != JQ_END_RETIRED)
		jq_slot_failed(s, "a process for jq programs has ended");
	slot_take_back(s, TAILQ_FIRST(&s->sent));
}

/* One request takes long: those behind it need not wait, if another process
 * may have them. */
static void
slot_recall(struct jq_slot *s)
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
	slot_take_back(s, TAILQ_NEXT(job, link));
}

/* Lanes of which nothing was asked yet go to others, if there are any. */
static void
slot_shed(struct jq_slot *s)
{
	struct jq_lane *l, *next;

	for (l = TAILQ_FIRST(&s->ready); l != NULL; l = next) {
		next = TAILQ_NEXT(l, link);
		if (l->nsent == 0)
			jq_lane_move(l);
	}
}

/* ---- time ---- */

/* It has given no answer for long.  Where there is much to do, that alone means
 * nothing: but it is stopped, or does not end itself as it should, when it has
 * had no time at all, or too much. */
static bool
slot_is_stuck(struct jq_slot *s, int64_t limit_ms)
{
	int64_t before = s->cpu;

	s->cpu = jq_worker_cpu(s->worker);
	s->heard = jq_slot_now(s);
	return s->cpu == before ||
	    s->cpu - before > (SLOT_OVERDUE * limit_ms + SLOT_LOOK) * 1000;
}

static int64_t
slot_watch(struct jq_slot *s, int64_t now)
{
	const struct jq_job *job = TAILQ_FIRST(&s->sent);

	if (job == NULL && (s == s->pool->slots || s->nlanes > 0))
		return -1;
	if (job == NULL && s->heard + SLOT_IDLE <= now) {
		log_info("jq=%zu pid=%ld ended: nobody needs it",
		    jq_slot_index(s), jq_worker_pid(s->worker));
		jq_slot_close(s);
		return -1;
	}
	if (job == NULL)
		return clock_left(s->heard + SLOT_IDLE, now);
	if (s->nsent > 1 || !TAILQ_EMPTY(&s->ready)) {
		if (!jq_slot_is_held(s))
			return clock_left(s->heard + JQ_SLOT_HELD, now);
		slot_recall(s);
		slot_shed(s);
	}
	if (s->heard + SLOT_LOOK <= now && !s->stopping && slot_is_stuck(s,
	    s->pool->programs[job->program - 1].limit)) {
		s->stopping = true;
		jq_worker_kill(s->worker);
	}
	return clock_left(s->heard + SLOT_LOOK, now);
}

int64_t
jq_slot_tick(struct jq_slot *s)
{
	int64_t now = jq_slot_now(s);

	if (s->worker != NULL)
		return slot_watch(s, now);
	jq_slot_pump(s);
	if (s->worker == NULL && !TAILQ_EMPTY(&s->ready))
		return clock_left(s->start_at, now);
	return -1;
}
