/*
 * jq_end.c: the end of a process of the pool.
 */
#include "wampd/handlers/jq_end.h"

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/handlers/jq_hear.h"
#include "wampd/handlers/jq_lane.h"
#include "wampd/handlers/jq_slot.h"

/* ms before a start; the delay doubles each time.  The maximum is short,
 * because requests wait that had nothing to do with the end. */
#define END_DELAY_MIN	10
#define END_DELAY_MAX	100
#define END_DELAY_SLOW	1000	/* the maximum of the last slot */
#define END_STEADY	10000	/* ms; after that the delay starts anew */
#define END_FAILURES	3	/* failed starts before requests are refused */
#define END_COST	1000000	/* us; charged to the request that a worker
				 * ended over */

/* Refuse all requests of its lanes. */
static void
end_refuse_all(struct jq_slot *s, const char *why)
{
	struct jq_lane *l;
	struct jq_job *job;

	while ((l = TAILQ_FIRST(&s->ready)) != NULL) {
		job = jq_lane_take(l);
		jq_lane_done(l);
		jq_lane_lose(job, why, 0);
	}
}

/* Choose when to start it again; the delay doubles if it ended early. */
static void
end_delay(struct jq_slot *s)
{
	int64_t most = s->is_slow ? END_DELAY_SLOW : END_DELAY_MAX;
	int64_t now = jq_slot_now(s);

	if (s->delay == 0 || now - s->started >= END_STEADY)
		s->delay = END_DELAY_MIN;
	else if (s->delay < most / 2)
		s->delay *= 2;
	else
		s->delay = most;
	s->start_at = now + s->delay;
}

void
jq_end_failed(struct jq_slot *s, const char *why)
{
	if (s->failures == 0)
		log_err("jq=%zu %s", jq_slot_index(s), why);
	s->failures++;
	end_delay(s);
	if (s->failures >= END_FAILURES)
		end_refuse_all(s, "cannot be run");
}

/* The request that it ended over, or NULL. */
static struct jq_job *
end_culprit(struct jq_slot *s, const struct jq_fate *fate)
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
end_blame(struct jq_slot *s, struct jq_job *job, const char *how, long pid)
{
	jq_slot_remove(s, job);
	jq_lane_done(job->lane);
	jq_lane_charge(job, END_COST);
	jq_lane_lose(job, how, pid);
}

void
jq_end_lost(struct jq_slot *s)
{
	long pid = jq_worker_pid(s->worker);
	struct jq_job *culprit;
	struct jq_fate fate;

	jq_worker_end(s->worker, &fate);
	(void)jq_hear(s);
	jq_slot_reset_result(s);
	jq_slot_close(s);
	if (fate.end != JQ_END_RETIRED) {
		s->pool->broker->stats.jq_lost++;
		end_delay(s);
	}
	if ((culprit = end_culprit(s, &fate)) != NULL)
		end_blame(s, culprit, fate.how, pid);
	else if (fate.end != JQ_END_RETIRED)
		jq_end_failed(s, "a process for jq programs has ended");
	jq_lane_take_back(s, TAILQ_FIRST(&s->sent));
}
