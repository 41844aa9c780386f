/*
 * jq_ask.c: starting a process of the pool, and sending it requests.
 */
#include "wampd/handlers/jq_ask.h"

#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/handlers/jq_end.h"
#include "wampd/handlers/jq_hear.h"
#include "wampd/handlers/jq_lane.h"
#include "wampd/handlers/jq_slot.h"

#define ASK_SEND	(32u << 10)	/* bytes that are sent before the end of
					 * the turn */
#define ASK_TURN	32	/* requests of a lane before the next lane */

static void on_ready(void *arg, int64_t now);

/* ---- the worker ---- */

static void
ask_start(struct jq_slot *s)
{
	struct jq_pool *p = s->pool;
	struct broker *b = p->broker;
	struct errbuf e = { "out of memory" };
	bool compiled = p->compiler != NULL && !s->is_slow;
	uint32_t i;

	s->started = s->heard = jq_slot_now(s);
	s->cpu = 0;
	s->seen = calloc(p->nprograms, sizeof(*s->seen));
	if (s->seen == NULL || b->loop == NULL) {
		jq_end_failed(s, e.msg);
		return;
	}
	if (compiled) {
		s->worker = p->compiler;
		p->compiler = NULL;
		for (i = 0; i < p->nprograms; i++)
			s->seen[i].compiled = i >= p->compiled;
	} else {
		s->worker = jq_slot_new_worker(p, s->is_slow, &e);
	}
	if (s->worker != NULL)
		s->watch = b->loop->watch(b->loop_ctx,
		    jq_worker_fd(s->worker), on_ready, s);
	if (s->watch == NULL) {
		jq_slot_close(s);
		jq_end_failed(s, e.msg);
		return;
	}
	b->stats.jq_started++;
	log_info("jq=%zu pid=%ld started", jq_slot_index(s),
	    jq_worker_pid(s->worker));
}

/* Write to the worker; what it does not take now is written when it can take
 * more.  0, or -1 if it has ended. */
static int
ask_send(struct jq_slot *s)
{
	bool more;
	int rc;

	if (jq_worker_unsent(s->worker) == 0 && !s->writing)
		return 0;
	rc = jq_worker_send(s->worker);
	more = jq_worker_unsent(s->worker) > 0;
	if (more != s->writing)
		s->pool->broker->loop->want_write(s->watch, more);
	s->writing = more;
	return rc;
}

/* on_ready() finds out if the worker has ended. */
void
jq_ask_flush(struct jq_slot *s)
{
	if (s->worker != NULL && !s->writing)
		(void)ask_send(s);
}

/* ---- asking ---- */

static int
ask_job(struct jq_slot *s, struct jq_job *job)
{
	struct jq_pool *p = s->pool;
	const struct jq_text_of *program = &p->programs[job->program - 1];
	struct jq_seen *seen = &s->seen[job->program - 1];

	if (!seen->compiled && jq_worker_add_program(s->worker, job->program,
	    slice_str(program->text), program->limit) == -1)
		return -1;
	seen->compiled = true;
	if (++p->seq == JQ_COMPILING)
		p->seq++;
	job->seq = p->seq;
	return p->ops->ask(job, s->worker, seen);
}

/* Send some requests of a lane. */
static void
ask_lane(struct jq_slot *s, struct jq_lane *l)
{
	struct jq_job *job;
	int i;

	for (i = 0; i < ASK_TURN && l->ready && !jq_slot_is_full(s); i++) {
		job = jq_lane_take(l);
		if (ask_job(s, job) == -1) {
			jq_lane_done(l);
			jq_lane_close(l);
			jq_lane_lose(job, "found no memory", 0);
			return;		/* the lane may be gone */
		}
		jq_slot_add(s, job);
	}
	jq_lane_close(l);
	if (l->ready) {
		TAILQ_REMOVE(&s->ready, l, link);
		TAILQ_INSERT_TAIL(&s->ready, l, link);
	}
}

void
jq_ask_pump(struct jq_slot *s)
{
	struct jq_lane *l;

	if (TAILQ_EMPTY(&s->ready) || s->stopping)
		return;
	if (s->worker == NULL && s->start_at <= jq_slot_now(s))
		ask_start(s);
	while (s->worker != NULL && !jq_slot_is_full(s) &&
	    (l = TAILQ_FIRST(&s->ready)) != NULL) {
		ask_lane(s, l);
		if (jq_worker_unsent(s->worker) >= ASK_SEND)
			jq_ask_flush(s);
	}
}

static void
on_ready(void *arg, int64_t now)
{
	struct jq_slot *s = arg;
	int rc;

	broker_set_now(s->pool->broker, now);
	if ((rc = jq_worker_receive(s->worker)) == 1)
		rc = jq_hear(s);
	if (rc == -1 || ask_send(s) == -1)
		jq_end_lost(s);
	else
		jq_ask_pump(s);
}
