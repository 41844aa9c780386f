/*
 * jq_lane.c: the requests of a session for jq programs.
 */
#include "wampd/handlers/jq_lane.h"

#include <stdlib.h>

#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"
#include "wampd/core/request.h"
#include "wampd/core/slow.h"
#include "wampd/handlers/jq_slot.h"
#include "wampd/handlers/program_view.h"

/* Beyond LANE_POOL_HIGH bytes of all lanes, a session that has more than
 * 1/LANE_SHARE of what is left of LANE_POOL_MAX is not read from.  So who has
 * little is not held up by those who have much. */
#define LANE_POOL_HIGH	(32u << 20)
#define LANE_POOL_MAX	(64u << 20)
#define LANE_SHARE	32
/* How many jobs of a lane a worker has at a time: as many as take this long, */
#define LANE_AHEAD_US	10000
#define LANE_AHEAD	1024	/* but not more than these, */
#define LANE_UNKNOWN	16	/* and these before any was measured */
#define LANE_SLOW	20000	/* us of a run; a lane above it is slow */

/* ---- lanes ---- */

static struct jq_lane *
lane_new(struct jq_pool *p, struct session *s)
{
	struct jq_lane *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	TAILQ_INIT(&l->waiting);
	TAILQ_INSERT_TAIL(&p->lanes, l, all_link);
	l->pool = p;
	l->session = s;
	return l;
}

void
jq_lane_free(struct jq_lane *l)
{
	if (l == NULL)
		return;
	TAILQ_REMOVE(&l->pool->lanes, l, all_link);
	if (l->paused)
		TAILQ_REMOVE(&l->pool->paused, l, paused_link);
	buf_clear(&l->who);
	buf_clear(&l->attributes);
	free(l);
}

static bool
lane_has_work(const struct jq_lane *l)
{
	return l->nwaiting + l->nsent > 0;
}

/* The session ends, but its requests are still decided. */
static void
lane_leave(struct ledger_part *part)
{
	struct jq_lane *l = (struct jq_lane *)part;

	/* When out of memory, programs see no session. */
	if (lane_has_work(l) &&
	    (program_view_who(l->session, &l->who) == -1 ||
	    buf_add_slice(&l->attributes, ledger_attributes(l->session)) ==
	    -1))
		buf_reset(&l->who);
	l->session = NULL;
	if (!lane_has_work(l))
		jq_lane_free(l);
}

static struct jq_lane *
lane_of_nobody(struct jq_pool *p)
{
	if (p->nobody == NULL)
		p->nobody = lane_new(p, NULL);
	return p->nobody;
}

struct jq_lane *
jq_lane_obtain(struct jq_pool *p, struct session *s)
{
	struct ledger_part *part;
	struct jq_lane *l;

	if (s == NULL)
		return lane_of_nobody(p);
	if ((part = ledger_find(s, p)) != NULL)
		return (struct jq_lane *)part;
	if ((l = lane_new(p, s)) == NULL)
		return NULL;
	l->part.owner = p;
	l->part.leave = lane_leave;
	if (ledger_keep(s, &l->part) == 0)
		return l;
	jq_lane_free(l);
	return NULL;
}

/* The average, in which the last run has the weight 1/share. */
static uint32_t
average(uint32_t cost, uint32_t us, uint32_t share)
{
	if (cost == 0)
		return us + 1;
	return (uint32_t)(((uint64_t)cost * (share - 1) + us) / share) + 1;
}

void
jq_lane_charge(struct jq_job *job, uint32_t us)
{
	struct jq_lane *l = job->lane;
	struct jq_text_of *program = &l->pool->programs[job->program - 1];

	l->cost = average(l->cost, us, 4);
	program->cost = average(program->cost, us, 16);
}

/* A lane that has no average yet has that of the program. */
static bool
lane_is_slow(const struct jq_lane *l)
{
	const struct jq_job *job = TAILQ_FIRST(&l->waiting);
	uint32_t cost = l->cost;

	if (cost == 0 && job != NULL)
		cost = l->pool->programs[job->program - 1].cost;
	return cost > LANE_SLOW && l->pool->n > 1;
}

/* How many of its requests a worker may have. */
static size_t
lane_window(const struct jq_lane *l)
{
	size_t n = l->cost == 0 ? LANE_UNKNOWN : LANE_AHEAD_US / l->cost;

	return n < 1 ? 1 : n > LANE_AHEAD ? LANE_AHEAD : n;
}

static bool
lane_may_ask(const struct jq_lane *l)
{
	return l->nwaiting > 0 && !l->closed && !l->paused &&
	    l->nsent < lane_window(l);
}

/* Take it off its slot's list if it may not be asked any more. */
static void
lane_unready(struct jq_lane *l)
{
	if (!l->ready || lane_may_ask(l))
		return;
	TAILQ_REMOVE(&l->slot->ready, l, link);
	l->ready = false;
}

/* ---- its slot ---- */

/* Keep the slot, unless that is held or of the wrong kind. */
static void
lane_bind(struct jq_lane *l)
{
	struct jq_slot *s = l->slot;

	if (s != NULL && !jq_slot_is_held(s) &&
	    s->is_slow == lane_is_slow(l))
		return;
	if (s != NULL)
		s->nlanes--;
	l->slot = jq_slot_pick(l->pool, lane_is_slow(l));
	l->slot->nlanes++;
}

void
jq_lane_move(struct jq_lane *l)
{
	if (jq_slot_is_held(jq_slot_pick(l->pool, lane_is_slow(l))))
		return;
	TAILQ_REMOVE(&l->slot->ready, l, link);
	l->ready = false;
	jq_lane_update(l);
}

static void
lane_unbind(struct jq_lane *l)
{
	if (l->slot != NULL)
		l->slot->nlanes--;
	l->slot = NULL;
}

void
jq_lane_update(struct jq_lane *l)
{
	if (!lane_has_work(l)) {
		lane_unbind(l);
		if (l->session == NULL && l != l->pool->nobody)
			jq_lane_free(l);
		return;
	}
	if (l->ready || !lane_may_ask(l))
		return;
	if (l->nsent == 0)
		lane_bind(l);
	l->ready = true;
	TAILQ_INSERT_TAIL(&l->slot->ready, l, link);
}

/* ---- jobs ---- */

struct jq_job *
jq_lane_take(struct jq_lane *l)
{
	struct jq_job *job = TAILQ_FIRST(&l->waiting);

	TAILQ_REMOVE(&l->waiting, job, link);
	if (l->back == job)
		l->back = NULL;
	l->nwaiting--;
	l->nsent++;
	job->follows = l->notes && l->nsent > 1;
	lane_unready(l);
	return job;
}

void
jq_lane_close(struct jq_lane *l)
{
	if (!l->notes || l->nsent == 0)
		return;
	l->closed = true;
	lane_unready(l);
}

void
jq_lane_done(struct jq_lane *l)
{
	if (--l->nsent == 0)
		l->closed = l->broken = false;
}

/* Whether a came before b: requests are numbered. */
static bool
is_before(const struct jq_job *a, const struct jq_job *b)
{
	return a->request->id < b->request->id;
}

/* Jobs usually come back in their order, each behind the last one. */
void
jq_lane_put_back(struct jq_lane *l, struct jq_job *job)
{
	struct jq_job *at;

	if (l->back != NULL && is_before(l->back, job)) {
		TAILQ_INSERT_AFTER(&l->waiting, l->back, job, link);
		l->back = job;
	} else {
		TAILQ_FOREACH(at, &l->waiting, link)
			if (is_before(job, at))
				break;
		if (at != NULL)
			TAILQ_INSERT_BEFORE(at, job, link);
		else
			TAILQ_INSERT_TAIL(&l->waiting, job, link);
		if (l->back == NULL)
			l->back = job;
	}
	l->nwaiting++;
	jq_lane_done(l);
	lane_unready(l);
}

/* Hold the session if it has too much of what waits. */
static void
lane_pace(struct jq_lane *l)
{
	size_t all = l->pool->bytes;

	if (l->session != NULL && all > LANE_POOL_HIGH &&
	    (all >= LANE_POOL_MAX ||
	    l->bytes > (LANE_POOL_MAX - all) / LANE_SHARE))
		request_hold(l->session);
}

void
jq_lane_free_job(struct jq_job *job)
{
	struct jq_lane *l = job->lane;

	free(job);
	jq_lane_update(l);
}

void
jq_lane_add(struct jq_lane *l, struct jq_job *job)
{
	size_t len = job->request->text.len;

	job->lane = l;
	TAILQ_INSERT_TAIL(&l->waiting, job, link);
	l->nwaiting++;
	l->bytes += len;
	l->pool->bytes += len;
	l->pool->njobs++;
	lane_pace(l);
	jq_lane_update(l);
}

void
jq_lane_settle(struct jq_job *job)
{
	size_t len = job->request->text.len;

	job->lane->bytes -= len;
	job->lane->pool->bytes -= len;
	job->lane->pool->njobs--;
}

void
jq_lane_lose(struct jq_job *job, const char *how, long pid)
{
	jq_lane_settle(job);
	job->lane->pool->ops->lost(job, how, pid);
	jq_lane_free_job(job);
}

void
jq_lane_take_back(struct jq_slot *s, struct jq_job *first)
{
	struct jq_lane *l, *next_lane;
	struct jq_job *job, *next;

	for (job = first; job != NULL; job = next) {
		next = TAILQ_NEXT(job, link);
		jq_slot_remove(s, job);
		jq_lane_put_back(job->lane, job);
	}
	for (l = TAILQ_FIRST(&s->pool->lanes); l != NULL; l = next_lane) {
		next_lane = TAILQ_NEXT(l, all_link);
		if (l->slot == s)
			jq_lane_update(l);
	}
}

/* ---- slow receivers ---- */

/* Whether events of this job would reach a slow receiver. */
static bool
job_is_paused(const struct jq_lane *l, const struct jq_job *job)
{
	struct broker *b = l->pool->broker;
	const struct request *r = job->request;
	const struct slow *k;
	struct topic *t;

	if (TAILQ_EMPTY(&b->pressure.slow) || l->session == NULL ||
	    r->kind != REQUEST_PUBLISH ||
	    l->session->state != SESSION_OPEN || b->stop_until != 0)
		return false;
	if (l->session->paused_by != NULL && l->session->paused_by->slow)
		return true;
	if (r->handler->overflow != OVERFLOW_DISCONNECT ||
	    (t = topic_find(&b->topics, r->uri)) == NULL)
		return false;
	TAILQ_FOREACH(k, &b->pressure.slow, link)
		if (prefix_sub_hears(b, t, k->receiver))
			return true;
	return false;
}

bool
jq_lane_is_paused(struct jq_lane *l, const struct jq_job *job)
{
	if (!l->paused && !job_is_paused(l, job))
		return false;
	if (!l->paused)
		TAILQ_INSERT_TAIL(&l->pool->paused, l, paused_link);
	l->paused = true;
	return true;
}

void
jq_lane_release(struct jq_lane *l)
{
	if (l->nwaiting > 0 && job_is_paused(l, TAILQ_FIRST(&l->waiting)))
		return;
	TAILQ_REMOVE(&l->pool->paused, l, paused_link);
	l->paused = false;
	if (lane_has_work(l))
		jq_lane_update(l);
}
