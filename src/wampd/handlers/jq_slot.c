/*
 * jq_slot.c: a process of the pool, and the jobs that it was sent.
 */
#include "wampd/handlers/jq_slot.h"

#include <stdlib.h>

#include "wampd/core/broker.h"
#include "wampd/core/request.h"
#include "wampd/process/child.h"

#define SLOT_JOBS	1024	/* jobs that a worker has at a time */
#define SLOT_BYTES	(1u << 20)	/* bytes of these jobs */
#define SLOT_BUSY	5	/* ms without an answer: rather start another
				 * worker */
#define ANSWER_AROUND (1u << 20)	/* bytes around an output */

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

struct jq_worker *
jq_slot_new_worker(const struct jq_pool *p, bool slow, struct errbuf *e)
{
	const struct broker *b = p->broker;
	struct jq_worker_options how = {
		.memory = b->set.jq_memory,
		.answer_max = b->set.limit_message * JQ_GROWTH +
		    ANSWER_AROUND,
		.bare = true,
		.nice = slow,
	};

	if (b->children != NULL && b->children->start_jq != NULL) {
		how.spawn = b->children->start_jq;
		how.spawn_arg = b->children_ctx;
	}
	return jq_worker_start(&how, e);
}

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

int
jq_slot_grow(struct jq_slot *s, size_t n)
{
	struct jq_seen *grown;

	if (s->seen == NULL)
		return 0;
	if ((grown = realloc(s->seen, n * sizeof(*grown))) == NULL)
		return -1;
	grown[n - 1] = (struct jq_seen){ .valid = false };
	s->seen = grown;
	return 0;
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

/* ---- its jobs ---- */

bool
jq_slot_is_held(const struct jq_slot *s)
{
	return s->nsent > 0 && jq_slot_now(s) - s->heard >= JQ_SLOT_HELD;
}

bool
jq_slot_is_full(const struct jq_slot *s)
{
	return jq_slot_is_held(s) || s->nsent >= SLOT_JOBS || (s->nsent > 0 &&
	    s->bytes >= SLOT_BYTES);
}

void
jq_slot_add(struct jq_slot *s, struct jq_job *job)
{
	if (s->nsent == 0)
		s->heard = jq_slot_now(s);
	TAILQ_INSERT_TAIL(&s->sent, job, link);
	s->nsent++;
	s->bytes += job->request->text.len;
}

void
jq_slot_remove(struct jq_slot *s, struct jq_job *job)
{
	TAILQ_REMOVE(&s->sent, job, link);
	s->nsent--;
	s->bytes -= job->request->text.len;
}

/* ---- which one ---- */

static size_t
slot_load(const struct jq_slot *s)
{
	return s->nsent + s->nlanes;
}

/* The slot for a lane that is not slow.  A running worker that is not busy is
 * preferred to one that would have to be started; held ones come last. */
static struct jq_slot *
pick_fast(struct jq_pool *p)
{
	size_t i, n = p->n > 1 ? p->n - 1 : 1;
	struct jq_slot *best = NULL, *idle = NULL, *s;

	for (i = 0; i < n; i++) {
		s = &p->slots[i];
		if (jq_slot_is_held(s))
			continue;
		if (s->worker == NULL && s->nlanes == 0) {
			if (idle == NULL)
				idle = s;
		} else if (best == NULL || slot_load(s) < slot_load(best)) {
			best = s;
		}
	}
	if (best == NULL && idle == NULL)
		return &p->slots[jq_slot_is_held(&p->slots[p->n - 1]) ? 0 :
		    p->n - 1];
	if (best == NULL || (idle != NULL && best->nsent > 0 &&
	    (best->worker == NULL ||
	    p->broker->now - best->heard >= SLOT_BUSY)))
		return idle;
	return best;
}

struct jq_slot *
jq_slot_pick(struct jq_pool *p, bool slow)
{
	return slow ? &p->slots[p->n - 1] : pick_fast(p);
}
