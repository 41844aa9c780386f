/*
 * choke.c: receivers that do not keep up, and the publishers they hold up.
 */
#include "wampd/choke.h"

#include <stdlib.h>

#include "base/log.h"
#include "wampd/broker.h"
#include "wampd/extra.h"

#define CLOSE_POLICY	1008	/* RFC 6455 section 7.4.1 */
#define GRACE_SHARE	10	/* a stall shorter than this part of
				 * limits.stall is the way of streams: a fast
				 * publisher waits for a receiver that reads
				 * steadily, again and again */

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

/* Sorted by until: most have all of their budget, and belong at the end. */
static void
choke_insert(struct broker *b, struct choke *c)
{
	struct choke *before = TAILQ_LAST(&b->chokes, choke_list);

	while (before != NULL && before->until > c->until)
		before = TAILQ_PREV(before, choke_list, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&b->chokes, before, c, link);
	else
		TAILQ_INSERT_HEAD(&b->chokes, c, link);
}

int
choke_begin(struct session *s)
{
	struct broker *b = s->broker;
	int64_t grace = b->set.stall / GRACE_SHARE, left;
	struct extra *x = extra_obtain(s);
	struct choke *c;

	if (x == NULL || (c = malloc(sizeof(*c))) == NULL)
		return -1;
	x->stall.used = stall_used(b, &x->stall);
	x->stall.at = b->now;
	left = b->set.stall - x->stall.used;
	c->receiver = s;
	c->since = b->now;
	c->until = b->now + (left > grace ? left : grace);
	hold_init(&c->hold);
	choke_insert(b, c);
	s->choke = c;
	log_debug("session=%s choked queued=%zu", s->id, s->queue.bytes);
	return 0;
}

void
choke_end(struct session *s)
{
	struct broker *b = s->broker;
	struct choke *c = s->choke;
	int64_t took;

	if (c == NULL)
		return;
	if ((took = b->now - c->since) > b->set.stall / GRACE_SHARE)
		s->extra->stall.used += took;
	s->extra->stall.at = b->now;
	s->choke = NULL;
	hold_end(&c->hold);
	TAILQ_REMOVE(&b->chokes, c, link);
	free(c);
}

void
choke_wait(struct session *publisher, struct session *receiver)
{
	if (receiver->choke != NULL)
		hold_wait(&receiver->choke->hold, publisher);
}

void
choke_expire(struct broker *b)
{
	struct choke *c, *next;

	for (c = TAILQ_FIRST(&b->chokes); c != NULL && c->until <= b->now;
	    c = next) {
		next = TAILQ_NEXT(c, link);
		if (c->receiver->state != SESSION_OPEN)
			continue;
		b->stats.sessions_overflowed++;
		session_doom(c->receiver, CLOSE_POLICY,
		    "too slow: it did not read");
	}
}
