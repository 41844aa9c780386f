/*
 * slow.c: slow receivers, and the publishers that are paused for them.
 */
#include "wampd/core/slow.h"

#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"

#define LOOKS	10	/* at a slow receiver, in limits.stall */
#define BREAK	2	/* limits.stall / BREAK is the largest debt */

/* ---- the budget ---- */

/* How much of the budget is used now.  In limits.stall_window, all of it comes
 * back. */
static int64_t
budget_used(const struct broker *b, const struct slow_budget *budget)
{
	int64_t window = b->set.stall_window, age = b->now - budget->at;

	if (budget->used == 0 || age >= window)
		return 0;
	age = (int64_t)((double)age / (double)window * (double)b->set.stall);
	return budget->used > age ? budget->used - age : 0;
}

/* The time between two looks, in ms. */
static int64_t
slow_share(const struct broker *b)
{
	return (b->set.stall + LOOKS - 1) / LOOKS;
}

/*
 * The time that the receiver has paid for since the last look, in ms.  took is
 * the time since then.
 *
 * The receiver pays by taking bytes.  If it is fast enough to drain its queue
 * from the high-water mark to the low-water mark in limits.stall, it pays for
 * all of the time: it reads steadily, only slower than its publishers.
 *
 * If no bytes are on their way to it, the broker itself may be late.  Then it
 * pays at least for the time that exceeds the usual time between two looks.  It
 * does not pay for more, because a receiver that has a queue, but nothing on
 * its way at look after look, takes nothing at all.
 */
static int64_t
slow_paid(struct slow *slow, int64_t took)
{
	const struct session *s = slow->receiver;
	const struct broker_settings *set = &s->broker->set;
	int64_t paid, late = took - slow_share(s->broker);
	uint64_t before = slow->taken;
	bool more;

	slow->taken = s->ops->taken(s->conn, &more);
	paid = (int64_t)((double)(int64_t)(slow->taken - before) /
	    ((double)set->limit_queue / 4) * (double)set->stall);
	return !more && late > paid ? late : paid;
}

/* Kernels report bytes rarely, and then many.  So time that is not paid for is
 * first a debt, which later bytes may pay.  Only a debt of more than half of
 * limits.stall is taken from the budget. */
static void
slow_look(struct slow *slow)
{
	struct broker *b = slow->receiver->broker;
	struct slow_budget *budget = &slow->receiver->ledger->budget;
	int64_t took = b->now - slow->since, most = b->set.stall / BREAK;

	slow->debt += took - slow_paid(slow, took);
	if (slow->debt < 0)
		slow->debt = 0;
	if (slow->debt > most) {
		budget->used += slow->debt - most;
		slow->debt = most;
	}
	budget->at = slow->since = b->now;
}

/* ---- one receiver ---- */

/* The rest of its budget, in ms. */
static int64_t
slow_left(const struct slow *slow)
{
	const struct session *s = slow->receiver;

	return s->broker->set.stall - s->ledger->budget.used - slow->debt;
}

/* Set the time of the next look.  The list is sorted.  Most receivers belong at
 * its end, so search backwards. */
static void
slow_schedule(struct slow *slow)
{
	struct broker *b = slow->receiver->broker;
	struct slow *before = TAILQ_LAST(&b->pressure.slow, slow_list);
	int64_t left = slow_left(slow);
	int64_t share = slow_share(b);

	slow->due = b->now + (left > 0 && left < share ? left : share);
	while (before != NULL && before->due > slow->due)
		before = TAILQ_PREV(before, slow_list, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&b->pressure.slow, before, slow, link);
	else
		TAILQ_INSERT_HEAD(&b->pressure.slow, slow, link);
}

int
slow_begin(struct session *s)
{
	struct broker *b = s->broker;
	struct ledger *x = ledger_obtain(s);
	struct slow *slow;
	bool more;

	if (x == NULL || (slow = malloc(sizeof(*slow))) == NULL)
		return -1;
	x->budget.used = budget_used(b, &x->budget);
	x->budget.at = b->now;
	slow->receiver = s;
	slow->since = b->now;
	slow->debt = 0;
	slow->taken = s->ops->taken(s->conn, &more);
	pause_init(&slow->pause);
	slow->pause.slow = true;
	slow_schedule(slow);
	s->slow = slow;
	b->pressure.nslow++;
	if (session_log_on(s, LOG_LEVEL_DEBUG))
		log_always(LOG_LEVEL_DEBUG, "session=%s slow queued=%zu",
		    s->id, s->queue.bytes);
	watch_tell_slow(&b->watch, s, "slow");
	return 0;
}

void
slow_end(struct session *s)
{
	struct broker *b = s->broker;
	struct slow *slow = s->slow;

	if (slow == NULL)
		return;
	/* If it was slow only for a moment, that costs nothing. */
	if (s->conn != NULL &&
	    (slow->debt > 0 || b->now - slow->since >= b->set.stall / LOOKS))
		slow_look(slow);
	s->ledger->budget.used += slow->debt;
	s->slow = NULL;
	pause_end(&slow->pause);
	TAILQ_REMOVE(&b->pressure.slow, slow, link);
	b->pressure.nslow--;
	free(slow);
	watch_tell_slow(&b->watch, s, s->state == SESSION_OPEN ?
	    "recovered" : "closed");
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
	struct slow *slow, *next;

	for (slow = TAILQ_FIRST(&b->pressure.slow);
	    slow != NULL && slow->due <= b->now; slow = next) {
		next = TAILQ_NEXT(slow, link);
		if (slow->receiver->state != SESSION_OPEN)
			continue;
		slow_look(slow);
		TAILQ_REMOVE(&b->pressure.slow, slow, link);
		slow_schedule(slow);
		if (slow_left(slow) <= 0)
			return slow->receiver;
	}
	return NULL;
}
