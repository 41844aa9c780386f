/*
 * jq_hear.c: the answers of a process of the pool.
 */
#include "wampd/handlers/jq_hear.h"

#include "wampd/handlers/jq_lane.h"
#include "wampd/handlers/jq_slot.h"

/* The run of the oldest job is complete: decide the request, or put it back. */
static void
hear_decision(struct jq_slot *s, struct jq_job *job, const char *failure)
{
	struct jq_lane *l = job->lane;

	jq_slot_remove(s, job);
	if (jq_lane_is_paused(l, job) || s->pool->ops->is_stale(job)) {
		jq_lane_put_back(l, job);
		jq_lane_update(l);
	} else {
		jq_lane_done(l);
		jq_lane_settle(job);
		s->pool->ops->done(job, &s->result, failure);
		jq_lane_free_job(job);
	}
	jq_slot_reset_result(s);
}

/* Handle an answer.  0, or -1 if it is invalid. */
static int
hear_answer(struct jq_slot *s, const struct jq_answer *a)
{
	struct jq_job *job = TAILQ_FIRST(&s->sent);
	struct errbuf e;

	if (a->kind == JQ_COMPILED || (s->recalled != 0 &&
	    (int32_t)(a->seq - s->recalled) <= 0 &&
	    (job == NULL || a->seq != job->seq)))
		return 0;
	if (job == NULL || a->seq != job->seq)
		return -1;
	switch (a->kind) {
	case JQ_VALUE:
		s->pool->ops->value(job, &s->result, a);
		return 0;
	case JQ_DONE:
	case JQ_FAILED:
		s->failures = 0;
		jq_lane_charge(job, a->us);
		if (a->kind == JQ_DONE) {
			hear_decision(s, job, NULL);
			return 0;
		}
		err_set(&e, "%.*s", (int)a->message.len, a->message.p);
		s->seen[job->program - 1].valid = false;
		hear_decision(s, job, e.msg);
		return 0;
	case JQ_PROGRAM:
	case JQ_RUN:
	case JQ_COMPILED:
	case JQ_REJECTED:
	default:
		return -1;
	}
}

int
jq_hear(struct jq_slot *s)
{
	struct jq_answer a;
	int rc;

	while ((rc = jq_worker_next(s->worker, &a)) == 1) {
		s->heard = jq_slot_now(s);
		if (hear_answer(s, &a) == -1)
			return -1;
	}
	return rc;
}
