/*
 * judge.c: ending the subscriptions that a new generation forbids.
 */
#include "wampd/core/judge.h"

#include <inttypes.h>
#include <stdint.h>

#include "base/log.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/guard.h"
#include "wampd/core/refuse.h"
#include "wampd/core/sub.h"

/* Whether the member of t may stay.  *f is filled if not. */
static bool
may_stay(const struct topic *t, const struct session *s, struct failure *f)
{
	struct handler *h = t->handler;

	failure_begin(f, FAILURE_FORBIDDEN);
	if (h == NULL) {
		f->kind = FAILURE_NO_ROUTE;
		err_set(&f->reason, "after a reload, no route matches the "
		    "topic");
		return false;
	}
	if (!guard_permits(h, DECLARE_SUBSCRIBE, s->principal, t->name)) {
		err_set(&f->reason, "after a reload, %s may not subscribe here",
		    s->principal->name);
		return false;
	}
	return h->type->may == NULL || h->type->may(h, DECLARE_SUBSCRIBE, t,
	    s->principal, &f->reason) != VERDICT_NO;
}

/* Judge members of t, the last ones first: if a member leaves, the last one
 * takes its place, which is judged already. */
static void
judge_topic(struct broker *b, struct topic *t, size_t *left)
{
	struct judge *j = &b->judge;
	struct failure f;
	struct session *s;

	if (j->left > t->n)
		j->left = t->n;
	for (; j->left > 0 && *left > 0; (*left)--) {
		s = t->members[--j->left];
		if (s->state != SESSION_OPEN || may_stay(t, s, &f))
			continue;
		sub_remove(&b->topics, t, s);
		j->ended++;
		b->stats.subscriptions_ended++;
		refuse_subscribe(s, t, &f);
	}
}

static void
judge_end(struct broker *b)
{
	struct judge *j = &b->judge;

	TAILQ_REMOVE(&b->cursors, &j->cursor, link);
	j->on = false;
	if (j->ended > 0)
		log_info("generation=%" PRIu64 " subscriptions ended=%" PRIu64,
		    b->generation->number, j->ended);
}

void
judge_begin(struct broker *b)
{
	struct judge *j = &b->judge;

	if (!j->on)
		TAILQ_INSERT_TAIL(&b->cursors, &j->cursor, link);
	j->on = true;
	j->topic = NULL;
	j->ended = 0;
	j->cursor.at = TAILQ_FIRST(&b->topics.used);
}

void
judge_some(struct broker *b)
{
	struct judge *j = &b->judge;
	size_t left = TURN_JUDGED;
	struct topic *t;

	for (; left > 0 && j->cursor.at != NULL; left -= left > 0) {
		t = (struct topic *)(uintptr_t)j->cursor.at;
		topic_refresh(&b->topics, t);
		if (j->topic != t)
			j->left = t->n;
		j->topic = t;
		judge_topic(b, t, &left);
		/* Without its last member, it has left the list. */
		if (j->cursor.at != t)
			continue;
		if (j->left > 0)
			return;
		j->cursor.at = TAILQ_NEXT(t, link);
	}
	if (j->cursor.at == NULL)
		judge_end(b);
}
