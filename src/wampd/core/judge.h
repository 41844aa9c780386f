/*
 * judge.h: ending the subscriptions that a new generation forbids.
 *
 * After a reload, all subscriptions to topics are judged by the new rules, a
 * bounded number in each turn.  A session that may not have one any more loses
 * it, and is told as if it had just asked for it.
 *
 * If a program decides, only new subscriptions are given to it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/core/cursor.h"

struct broker;
struct topic;

/* Zeroed: there is nothing to do. */
struct judge {
	struct cursor cursor;	/* in topics->used, while `on` */
	bool	      on;
	const struct topic *topic; /* that is being judged; or NULL */
	size_t	      left;	/* its members before that index are still to
				 * be judged */
	uint64_t      ended;	/* subscriptions, since judge_begin() */
};

/* Judge all subscriptions by the newest generation, from the first one on. */
void	judge_begin(struct broker *b);

/* Judge as many as one turn may. */
void	judge_some(struct broker *b);

/* Whether some are still to be judged. */
static inline bool
judge_is_due(const struct judge *j)
{
	return j->on;
}
