/*
 * jq_slot.c: one process of the pool: started, asked, heard, and ended.
 */
#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/request.h"
#include "wampd/handlers/jq_pool.h"

#define SLOT_JOBS	1024	/* that a worker has at a time, */
#define SLOT_BYTES	(1u << 20)	/* or so many bytes of them */
#define SLOT_SEND	(32u << 10)	/* bytes that are sent amid a turn */
#define SLOT_TURN	32	/* requests of a lane, then it is another's
				 * turn */
#define SLOT_DELAY_MIN	10	/* ms before a start; doubled each time, */
#define SLOT_DELAY_MAX	100	/* up to this; those who are no fault of it */
#define SLOT_DELAY_SLOW	1000	/* must not wait for longer */
#define SLOT_STEADY	10000	/* ms; one that lived that long is well */
#define SLOT_FAILURES	3	/* useless starts, then requests are refused */

static int slot_send(struct jq_slot *s);

size_t
jq_slot_index(const struct jq_slot *s)
{
	return (size_t)(s - s->pool->slots);
}

int64_t
jq_slot_now(const struct jq_slot *s)
{
	return s->pool->broker->now;
}

void
jq_slot_init(struct jq_slot *s, struct jq_pool *p)
{
	s->pool = p;
	TAILQ_INIT(&s->sent);
	TAILQ_INIT(&s->ready);
}

/* ---- the worker ---- */

void
jq_slot_close(struct jq_slot *s)
{
	const struct broker *b = s->pool->broker;
	uint32_t i;

	if (s->watch != NULL)
		b->loop->unwatch(s->watch);
	s->watch = NULL;
	jq_worker_free(s->worker);
	s->worker = NULL;
	s->stopping = s->writing = false;
	s->recalled = 0;
	for (i = 0; s->seen != NULL && i < s->pool->nprograms; i++)
		buf_clear(&s->seen[i].topic);
	free(s->seen);
	s->seen = NULL;
}

void
jq_slot_clear(struct jq_slot *s)
{
	jq_slot_close(s);
	buf_clear(&s->result.answers);
	buf_clear(&s->result.notes);
}

void
jq_slot_reset_result(struct jq_slot *s)
{
	buf_reset(&s->result.answers);
	buf_reset(&s->result.notes);
	s->result.yes = false;
	s->result.values = 0;
	s->result.why.msg[0] = '\0';
}

/* All that belongs to it is refused. */
void
jq_slot_unsend(struct jq_slot *s, struct jq_job *job)
{
	TAILQ_REMOVE(&s->sent, job, link);
	s->nsent--;
	s->bytes -= job->request->text.len;
}

void
jq_slot_lose(struct jq_slot *s, struct jq_job *job, const char *how, long pid)
{
	jq_job_settle(job);
	s->pool->ops->lost(job, how, pid);
	jq_job_free(job);
}

static void
slot_refuse_all(struct jq_slot *s, const char *why)
{
	struct jq_lane *l;
	struct jq_job *job;

	while ((l = TAILQ_FIRST(&s->ready)) != NULL) {
		job = jq_lane_take(l);
		jq_lane_done(l);
		jq_slot_lose(s, job, why, 0);
	}
}

/* Not at once again when the last one lived only for a moment. */
void
jq_slot_delay(struct jq_slot *s)
{
	int64_t most = s->is_slow ? SLOT_DELAY_SLOW : SLOT_DELAY_MAX;
	int64_t now = jq_slot_now(s);

	if (s->delay == 0 || now - s->started >= SLOT_STEADY)
		s->delay = SLOT_DELAY_MIN;
	else if (s->delay < most / 2)
		s->delay *= 2;
	else
		s->delay = most;
	s->start_at = now + s->delay;
}

/* It came to nothing: a request is not to wait for ever. */
void
jq_slot_failed(struct jq_slot *s, const char *why)
{
	if (s->failures == 0)
		log_err("jq=%zu %s", jq_slot_index(s), why);
	s->failures++;
	jq_slot_delay(s);
	if (s->failures >= SLOT_FAILURES)
		slot_refuse_all(s, "cannot be run");
}

static void
on_ready(void *arg, int64_t now)
{
	struct jq_slot *s = arg;
	int rc;

	broker_set_now(s->pool->broker, now);
	if ((rc = jq_worker_receive(s->worker)) == 1)
		rc = jq_slot_hear(s);
	if (rc == -1 || slot_send(s) == -1)
		jq_slot_lost(s);
	else
		jq_slot_pump(s);
}

static void
slot_start(struct jq_slot *s)
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
		jq_slot_failed(s, e.msg);
		return;
	}
	if (compiled) {
		s->worker = p->compiler;
		p->compiler = NULL;
		for (i = 0; i < p->nprograms; i++)
			s->seen[i].compiled = true;
	} else {
		s->worker = jq_pool_start(p, s->is_slow, &e);
	}
	if (s->worker != NULL)
		s->watch = b->loop->watch(b->loop_ctx,
		    jq_worker_fd(s->worker), on_ready, s);
	if (s->watch == NULL) {
		jq_slot_close(s);
		jq_slot_failed(s, e.msg);
		return;
	}
	b->stats.jq_started++;
	log_info("jq=%zu pid=%ld started", jq_slot_index(s),
	    jq_worker_pid(s->worker));
}

/* ---- asking ---- */

/* What it does not take now it is sent when it does.  0, or -1: it is gone. */
static int
slot_send(struct jq_slot *s)
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

bool
jq_slot_is_held(const struct jq_slot *s)
{
	return s->nsent > 0 && jq_slot_now(s) - s->heard >= JQ_SLOT_HELD;
}

static bool
slot_is_full(const struct jq_slot *s)
{
	return jq_slot_is_held(s) || s->nsent >= SLOT_JOBS || (s->nsent > 0 &&
	    s->bytes >= SLOT_BYTES);
}

static int
slot_ask(struct jq_slot *s, struct jq_job *job)
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

/* Ask so many of one lane. */
static void
slot_take_turn(struct jq_slot *s, struct jq_lane *l)
{
	struct jq_job *job;
	int i;

	for (i = 0; i < SLOT_TURN && l->ready && !slot_is_full(s); i++) {
		job = jq_lane_take(l);
		if (slot_ask(s, job) == -1) {
			jq_lane_done(l);
			jq_lane_close(l);
			jq_slot_lose(s, job, "found no memory", 0);
			return;		/* the lane may be gone */
		}
		if (s->nsent == 0)
			s->heard = jq_slot_now(s);
		TAILQ_INSERT_TAIL(&s->sent, job, link);
		s->nsent++;
		s->bytes += job->request->text.len;
	}
	jq_lane_close(l);
	if (l->ready) {
		TAILQ_REMOVE(&s->ready, l, link);
		TAILQ_INSERT_TAIL(&s->ready, l, link);
	}
}

void
jq_slot_pump(struct jq_slot *s)
{
	struct jq_lane *l;

	if (TAILQ_EMPTY(&s->ready) || s->stopping)
		return;
	if (s->worker == NULL && s->start_at <= jq_slot_now(s))
		slot_start(s);
	while (s->worker != NULL && !slot_is_full(s) &&
	    (l = TAILQ_FIRST(&s->ready)) != NULL) {
		slot_take_turn(s, l);
		if (jq_worker_unsent(s->worker) >= SLOT_SEND)
			jq_slot_flush(s);
	}
}

/* A worker that is gone is found out when it is heard. */
void
jq_slot_flush(struct jq_slot *s)
{
	if (s->worker != NULL && !s->writing)
		(void)slot_send(s);
}

/* ---- hearing ---- */

/* The oldest one is decided, or is to be asked again. */
static void
slot_decide(struct jq_slot *s, struct jq_job *job, const char *failure)
{
	struct jq_lane *l = job->lane;

	jq_slot_unsend(s, job);
	if (jq_lane_is_choked(l, job) || s->pool->ops->is_stale(job)) {
		jq_lane_put_back(l, job);
		jq_lane_update(l);
	} else {
		jq_lane_done(l);
		jq_job_settle(job);
		s->pool->ops->done(job, &s->result, failure);
		jq_job_free(job);
	}
	jq_slot_reset_result(s);
}

/* One answer.  0, or -1 when it does not belong here. */
static int
slot_answer(struct jq_slot *s, const struct jq_answer *a)
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
		jq_job_charge(job, a->us);
		if (a->kind == JQ_DONE) {
			slot_decide(s, job, NULL);
			return 0;
		}
		err_set(&e, "%.*s", (int)a->message.len, a->message.p);
		s->seen[job->program - 1].valid = false;
		slot_decide(s, job, e.msg);
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
jq_slot_hear(struct jq_slot *s)
{
	struct jq_answer a;
	int rc;

	while ((rc = jq_worker_next(s->worker, &a)) == 1) {
		s->heard = jq_slot_now(s);
		if (slot_answer(s, &a) == -1)
			return -1;
	}
	return rc;
}
