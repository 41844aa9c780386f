/*
 * slow.c: receivers that do not keep up, and the publishers they hold up.
 */
#include "wampd/core/slow.h"

#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"

#define LOOKS		10	/* at a receiver, in limits.stall */
#define BREAK		2	/* the part of it that may be made up for */

/* ---- the budget ---- */

/* What s has used of its budget, now: it comes back in limits.stall_window. */
static int64_t
budget_used(const struct broker *b, const struct slow_budget *st)
{
	int64_t window = b->set.stall_window, age = b->now - st->at;

	if (st->used == 0 || age >= window)
		return 0;
	age = (int64_t)((double)age / (double)window * (double)b->set.stall);
	return st->used > age ? st->used - age : 0;
}

static int64_t
slow_share(const struct broker *b)
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
slow_paid(struct slow *c, int64_t took)
{
	const struct session *s = c->receiver;
	const struct broker_settings *set = &s->broker->set;
	int64_t paid, late = took - slow_share(s->broker);
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
slow_look(struct slow *c)
{
	struct broker *b = c->receiver->broker;
	struct slow_budget *st = &c->receiver->ledger->budget;
	int64_t took = b->now - c->since, most = b->set.stall / BREAK;

	c->debt += took - slow_paid(c, took);
	if (c->debt < 0)
		c->debt = 0;
	if (c->debt > most) {
		st->used += c->debt - most;
		c->debt = most;
	}
	st->at = c->since = b->now;
}

/* ---- one receiver ---- */

static int64_t
slow_left(const struct slow *c)
{
	const struct session *s = c->receiver;

	return s->broker->set.stall - s->ledger->budget.used - c->debt;
}

/* When to look next.  Sorted: most are due after a share of the budget, and
 * belong at the end. */
static void
slow_schedule(struct slow *c)
{
	struct broker *b = c->receiver->broker;
	struct slow *before = TAILQ_LAST(&b->pressure.slow, slow_list);
	int64_t left = slow_left(c);
	int64_t share = slow_share(b);

	c->due = b->now + (left > 0 && left < share ? left : share);
	while (before != NULL && before->due > c->due)
		before = TAILQ_PREV(before, slow_list, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&b->pressure.slow, before, c, link);
	else
		TAILQ_INSERT_HEAD(&b->pressure.slow, c, link);
}

int
slow_begin(struct session *s)
{
	struct broker *b = s->broker;
	struct ledger *x = ledger_obtain(s);
	struct slow *c;
	bool more;

	if (x == NULL || (c = malloc(sizeof(*c))) == NULL)
		return -1;
	x->budget.used = budget_used(b, &x->budget);
	x->budget.at = b->now;
	c->receiver = s;
	c->since = b->now;
	c->debt = 0;
	c->taken = s->ops->taken(s->conn, &more);
	pause_init(&c->pause);
	slow_schedule(c);
	s->slow = c;
	log_debug("session=%s slow queued=%zu", s->id, s->queue.bytes);
	return 0;
}

void
slow_end(struct session *s)
{
	struct broker *b = s->broker;
	struct slow *c = s->slow;

	if (c == NULL)
		return;
	/* A moment does not count. */
	if (s->conn != NULL &&
	    (c->debt > 0 || b->now - c->since >= b->set.stall / LOOKS))
		slow_look(c);
	s->ledger->budget.used += c->debt;
	s->slow = NULL;
	pause_end(&c->pause);
	TAILQ_REMOVE(&b->pressure.slow, c, link);
	free(c);
}

void
slow_pause(struct session *publisher, struct session *receiver)
{
	if (receiver->slow != NULL)
		pause_session(&receiver->slow->pause, publisher);
}

struct session *
slow_expired(struct broker *b)
{
	struct slow *c, *next;

	for (c = TAILQ_FIRST(&b->pressure.slow);
	    c != NULL && c->due <= b->now; c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->receiver->state != SESSION_OPEN)
			continue;
		slow_look(c);
		TAILQ_REMOVE(&b->pressure.slow, c, link);
		slow_schedule(c);
		if (slow_left(c) <= 0)
			return c->receiver;
	}
	return NULL;
}
