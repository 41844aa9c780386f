/*
 * choke.c: receivers that do not keep up, and the publishers they hold up.
 */
#include "wampd/core/choke.h"

#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/extra.h"

#define LOOKS		10	/* at a receiver, in limits.stall */
#define BREAK		2	/* the part of it that may be made up for */

/* ---- the budget ---- */

/* What s has used of its budget, now: it comes back in limits.stall_window. */
static int64_t
stall_used(const struct broker *b, const struct stall *st)
{
	int64_t window = b->set.stall_window, age = b->now - st->at;

	if (st->used == 0 || age >= window)
		return 0;
	age = (int64_t)((double)age / (double)window * (double)b->set.stall);
	return st->used > age ? st->used - age : 0;
}

static int64_t
choke_share(const struct broker *b)
{
	return (b->set.stall + LOOKS - 1) / LOOKS;
}

/*
 * The ms that the receiver has paid for since the last look, by taking bytes.
 * At a pace that drains the queue from the high-water mark to the low one
 * within limits.stall it pays for all: it is a stream that is slower than its
 * publisher, which is the way of pipes and nobody's fault.  When nothing is on
 * its way to the receiver, it is we who are late, and no look costs more than
 * its share: but one that is over and over found with nothing on its way, and
 * yet with a queue, takes nothing any more.
 */
static int64_t
choke_paid(struct choke *c, int64_t took)
{
	const struct session *s = c->receiver;
	const struct broker_settings *set = &s->broker->set;
	int64_t paid, late = took - choke_share(s->broker);
	uint64_t before = c->taken;
	bool more;

	c->taken = s->ops->taken(s->conn, &more);
	paid = (int64_t)((double)(int64_t)(c->taken - before) /
	    ((double)set->limit_queue / 4) * (double)set->stall);
	return !more && late > paid ? late : paid;
}

/* Kernels tell of bytes now and then and many at once, so what is not paid for
 * may be until later, but for long breaks. */
static void
choke_look(struct choke *c)
{
	struct broker *b = c->receiver->broker;
	struct stall *st = &c->receiver->extra->stall;
	int64_t took = b->now - c->since, most = b->set.stall / BREAK;

	c->debt += took - choke_paid(c, took);
	if (c->debt < 0)
		c->debt = 0;
	if (c->debt > most) {
		st->used += c->debt - most;
		c->debt = most;
	}
	st->at = c->since = b->now;
}

/* ---- one choke ---- */

static int64_t
choke_left(const struct choke *c)
{
	const struct session *s = c->receiver;

	return s->broker->set.stall - s->extra->stall.used - c->debt;
}

/* When to look next.  Sorted: most are due after a share of the budget, and
 * belong at the end. */
static void
choke_schedule(struct choke *c)
{
	struct broker *b = c->receiver->broker;
	struct choke *before = TAILQ_LAST(&b->pressure.chokes, choke_list);
	int64_t left = choke_left(c);
	int64_t share = choke_share(b);

	c->due = b->now + (left > 0 && left < share ? left : share);
	while (before != NULL && before->due > c->due)
		before = TAILQ_PREV(before, choke_list, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&b->pressure.chokes, before, c, link);
	else
		TAILQ_INSERT_HEAD(&b->pressure.chokes, c, link);
}

int
choke_begin(struct session *s)
{
	struct broker *b = s->broker;
	struct extra *x = extra_obtain(s);
	struct choke *c;
	bool more;

	if (x == NULL || (c = malloc(sizeof(*c))) == NULL)
		return -1;
	x->stall.used = stall_used(b, &x->stall);
	x->stall.at = b->now;
	c->receiver = s;
	c->since = b->now;
	c->debt = 0;
	c->taken = s->ops->taken(s->conn, &more);
	hold_init(&c->hold);
	choke_schedule(c);
	s->choke = c;
	log_debug("session=%s choked queued=%zu", s->id, s->queue.bytes);
	return 0;
}

void
choke_end(struct session *s)
{
	struct broker *b = s->broker;
	struct choke *c = s->choke;

	if (c == NULL)
		return;
	/* A moment does not count. */
	if (s->conn != NULL &&
	    (c->debt > 0 || b->now - c->since >= b->set.stall / LOOKS))
		choke_look(c);
	s->extra->stall.used += c->debt;
	s->choke = NULL;
	hold_end(&c->hold);
	TAILQ_REMOVE(&b->pressure.chokes, c, link);
	free(c);
}

void
choke_wait(struct session *publisher, struct session *receiver)
{
	if (receiver->choke != NULL)
		hold_wait(&receiver->choke->hold, publisher);
}

struct session *
choke_expired(struct broker *b)
{
	struct choke *c, *next;

	for (c = TAILQ_FIRST(&b->pressure.chokes);
	    c != NULL && c->due <= b->now; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->receiver->state != SESSION_OPEN)
			continue;
		choke_look(c);
		TAILQ_REMOVE(&b->pressure.chokes, c, link);
		choke_schedule(c);
		if (choke_left(c) <= 0)
			return c->receiver;
	}
	return NULL;
}
