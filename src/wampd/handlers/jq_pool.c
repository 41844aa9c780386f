/*
 * jq_pool.c: the processes that run the jq programs of handlers.
 */
#include "wampd/handlers/jq_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "wampd/core/broker.h"
#include "wampd/core/decide.h"
#include "wampd/core/handler.h"
#include "wampd/core/request.h"
#include "wampd/handlers/jq_ask.h"
#include "wampd/handlers/jq_lane.h"
#include "wampd/handlers/jq_slot.h"
#include "wampd/handlers/jq_watch.h"

#define POOL_MAX	(64u << 20)	/* bytes of requests; more is refused */
#define POOL_SLOW	10	/* ms between looks at slow receivers */

/* ---- requests ---- */

bool
jq_pool_has_room(const struct jq_pool *p, size_t bytes, struct errbuf *e)
{
	if (p->bytes + bytes <= POOL_MAX)
		return true;
	err_set(e, "the handlers are busy");
	return false;
}

enum verdict
jq_pool_ask(struct jq_pool *p, struct request *r, uint32_t program,
    struct errbuf *e)
{
	struct jq_lane *l = r != NULL ? jq_lane_obtain(p, r->session) : NULL;
	struct jq_job *job = l != NULL ? calloc(1, sizeof(*job)) : NULL;

	if (r == NULL) {
		err_set(e, "out of memory");
		return VERDICT_NO;
	}
	if (job == NULL) {
		decide_refuse(r, NULL, "out of memory", slice_of(NULL, 0));
		return VERDICT_LATER;
	}
	job->request = r;
	job->program = program;
	jq_lane_add(l, job);
	if (l->slot != NULL)
		jq_ask_pump(l->slot);
	return VERDICT_LATER;
}

/* ---- life ---- */

struct jq_pool *
jq_pool_new(struct broker *b, const struct jq_pool_ops *ops)
{
	struct jq_pool *p = calloc(1, sizeof(*p));
	size_t i;

	if (p == NULL)
		return NULL;
	p->broker = b;
	p->ops = ops;
	TAILQ_INIT(&p->paused);
	TAILQ_INIT(&p->lanes);
	p->n = (size_t)b->set.jq_workers;
	if ((p->slots = calloc(p->n, sizeof(*p->slots))) == NULL) {
		free(p);
		return NULL;
	}
	for (i = 0; i < p->n; i++)
		jq_slot_init(&p->slots[i], p);
	p->slots[p->n - 1].is_slow = p->n > 1;
	return p;
}

static void
end_list(struct jq_pool *p, struct jq_job_list *list)
{
	struct jq_job *job;

	while ((job = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, job, link);
		p->ops->lost(job, NULL, 0);
		free(job);
	}
}

void
jq_pool_close(struct jq_pool *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		end_list(p, &p->slots[i].sent);
		jq_slot_clear(&p->slots[i]);
	}
	jq_worker_free(p->compiler);
	p->compiler = NULL;
	p->njobs = 0;
}

void
jq_pool_free(struct jq_pool *p)
{
	struct jq_lane *l;
	uint32_t i;

	jq_pool_close(p);
	while ((l = TAILQ_FIRST(&p->lanes)) != NULL) {
		end_list(p, &l->waiting);
		jq_lane_free(l);
	}
	free(p->slots);
	for (i = 0; i < p->nprograms; i++)
		free(p->programs[i].text);
	free(p->programs);
	free(p);
}

/* One worker compiles all programs at the start.  If it ends over one of them,
 * a new worker compiles the next. */
static int
pool_compile(struct jq_pool *p, uint32_t id, struct jq_answer *at,
    struct errbuf *e)
{
	bool lost;
	int rc;

	if (p->compiler == NULL) {
		if ((p->compiler = jq_slot_new_worker(p, false, e)) == NULL)
			return -1;
		p->compiled = id - 1;
	}
	rc = jq_worker_compile(p->compiler, id,
	    slice_str(p->programs[id - 1].text), p->programs[id - 1].limit,
	    at, &lost, e);
	if (lost) {
		jq_worker_free(p->compiler);
		p->compiler = NULL;
	}
	return rc;
}

/* Room for one program more, here and in what slots know of them.  0 or -1. */
static int
pool_grow(struct jq_pool *p)
{
	size_t n = p->nprograms + 1, i;
	struct jq_text_of *v;

	if ((v = realloc(p->programs, n * sizeof(*v))) == NULL)
		return -1;
	p->programs = v;
	for (i = 0; i < p->n; i++)
		if (jq_slot_grow(&p->slots[i], n) == -1)
			return -1;
	return 0;
}

/* The id of a program that is compiled already; 0: there is none.  A reload
 * brings the same programs again. */
static uint32_t
find_program(const struct jq_pool *p, const char *text, int64_t limit)
{
	uint32_t i;

	for (i = 0; i < p->nprograms; i++)
		if (p->programs[i].text != NULL &&
		    p->programs[i].limit == limit &&
		    strcmp(p->programs[i].text, text) == 0)
			return i + 1;
	return 0;
}

uint32_t
jq_pool_add_program(struct jq_pool *p, const char *text, int64_t limit,
    struct jq_answer *at, struct errbuf *e)
{
	uint32_t id = find_program(p, text, limit);
	char *copy;

	*at = (struct jq_answer){ .line = 0 };
	if (id != 0) {
		p->programs[id - 1].uses++;
		return id;
	}
	copy = strdup(text);
	if (copy == NULL || pool_grow(p) == -1) {
		free(copy);
		err_set(e, "out of memory");
		return 0;
	}
	p->programs[p->nprograms++] = (struct jq_text_of){ copy, limit, 0, 1 };
	if (pool_compile(p, p->nprograms, at, e) == 0)
		return p->nprograms;
	jq_pool_drop_program(p, p->nprograms);
	return 0;
}

bool
jq_pool_has_program(const struct jq_pool *p, const char *text, int64_t limit)
{
	return find_program(p, text, limit) != 0;
}

uint32_t
jq_pool_know_program(struct jq_pool *p, const char *text, int64_t limit)
{
	uint32_t id = find_program(p, text, limit);
	char *copy;

	if (id != 0) {
		p->programs[id - 1].uses++;
		return id;
	}
	if ((copy = strdup(text)) == NULL || pool_grow(p) == -1) {
		free(copy);
		return 0;
	}
	/* The compiler would be taken to have this one, too. */
	jq_worker_free(p->compiler);
	p->compiler = NULL;
	p->programs[p->nprograms++] = (struct jq_text_of){ copy, limit, 0, 1 };
	return p->nprograms;
}

void
jq_pool_drop_program(struct jq_pool *p, uint32_t id)
{
	if (--p->programs[id - 1].uses > 0)
		return;
	free(p->programs[id - 1].text);
	p->programs[id - 1].text = NULL;
}

void
jq_pool_flush(struct jq_pool *p)
{
	size_t i;

	if (p->njobs == 0)
		return;
	for (i = 0; i < p->n; i++) {
		jq_ask_pump(&p->slots[i]);
		jq_ask_flush(&p->slots[i]);
	}
}

/* Let lanes go on whose slow receivers have caught up. */
static int64_t
pool_release(struct jq_pool *p)
{
	struct jq_lane *l, *next;

	for (l = TAILQ_FIRST(&p->paused); l != NULL; l = next) {
		next = TAILQ_NEXT(l, paused_link);
		jq_lane_release(l);
	}
	return TAILQ_EMPTY(&p->paused) ? -1 : POOL_SLOW;
}

int64_t
jq_pool_tick(struct jq_pool *p)
{
	int64_t soonest = -1, wait;
	size_t i;

	if (!TAILQ_EMPTY(&p->paused))
		soonest = pool_release(p);
	for (i = 0; i < p->n; i++) {
		wait = jq_watch_tick(&p->slots[i]);
		soonest = clock_sooner(soonest, wait);
	}
	/* Lanes may have moved to other slots. */
	jq_pool_flush(p);
	return soonest;
}
