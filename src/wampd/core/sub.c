/*
 * sub.c: subscriptions of sessions to topics.
 */
#include "wampd/core/sub.h"

#include <stddef.h>
#include <stdlib.h>

#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/replay.h"

/* The key is the two pointers at the head of struct sub. */
static struct slice
sub_key(const void *sub)
{
	return slice_of(sub, offsetof(struct sub, next));
}

void
subs_init(struct topics *all)
{
	map_init(&all->subs, sub_key);
}

static struct sub *
sub_find(struct topics *all, struct topic *t, struct session *s)
{
	const struct sub key = { .session = s, .topic = t };

	return map_find(&all->subs, sub_key(&key));
}

bool
sub_exists(struct topics *all, struct topic *t, struct session *s)
{
	return sub_find(all, t, s) != NULL;
}

static int
topic_grow(struct topic *t)
{
	struct session **grown, **owned;
	size_t cap = t->cap * 2;

	if (t->n < t->cap)
		return 0;
	if (t->cap == 0) {
		t->members = &t->only;
		t->cap = 1;
		return 0;
	}
	owned = t->members == &t->only ? NULL : t->members;
	if ((grown = realloc(owned, cap * sizeof(*grown))) == NULL)
		return -1;
	if (owned == NULL)
		grown[0] = t->only;
	t->members = grown;
	t->cap = cap;
	return 0;
}

/* Let s pay for the topic. */
static void
topic_charge(struct topic *t, struct session *s)
{
	t->payer = s;
	account_charge(s, topic_cost(t));
}

/* s leaves: another subscriber pays, if there is one. */
static void
topic_refund(struct topic *t, struct session *s)
{
	if (t->payer != s)
		return;
	account_refund(s, topic_cost(t));
	t->payer = NULL;
	if (t->n > 0)
		topic_charge(t, t->members[0]);
}

int
sub_add(struct topics *all, struct topic *t, struct session *s)
{
	struct sub *sub;

	if (sub_find(all, t, s) != NULL)
		return 0;
	if (topic_grow(t) == -1 || (sub = calloc(1, sizeof(*sub))) == NULL)
		return -1;
	sub->session = s;
	sub->topic = t;
	if (map_insert(&all->subs, sub) == -1) {
		free(sub);
		return -1;
	}
	sub->index = t->n;
	t->members[t->n++] = s;
	sub->next = s->subs;
	if (s->subs != NULL)
		s->subs->prev = sub;
	s->subs = sub;
	s->nsubs++;
	account_charge(s, SUB_COST);
	if (t->payer == NULL)
		topic_charge(t, s);
	topic_settle(all, t);
	handler_tell_joined(t->handler, t, s);
	watch_tell_subscription(&all->broker->watch, WATCH_SUBSCRIPTION_OPEN,
	    s, t->name, t->n);
	return 1;
}

/* Remove a member; the last one takes its place. */
static void
member_remove(struct topics *all, struct topic *t, size_t index)
{
	struct session *last = t->members[--t->n];

	if (index < t->n) {
		t->members[index] = last;
		sub_find(all, t, last)->index = index;
	}
	if (t->n == 0)
		topic_free_members(t);
}

static void
sub_free(struct topics *all, struct sub *sub)
{
	struct session *s = sub->session;
	struct topic *t = sub->topic;

	topic_refresh(all, t);	/* its handler is told */
	member_remove(all, t, sub->index);
	(void)map_remove(&all->subs, sub_key(sub));
	if (sub->prev != NULL)
		sub->prev->next = sub->next;
	else
		s->subs = sub->next;
	if (sub->next != NULL)
		sub->next->prev = sub->prev;
	s->nsubs--;
	account_refund(s, SUB_COST);
	topic_refund(t, s);
	free(sub);
	if (s->replaying)
		replay_end(s, t->name);
	handler_tell_left(t->handler, t, s);
	watch_tell_subscription(&all->broker->watch, WATCH_SUBSCRIPTION_CLOSE,
	    s, t->name, t->n);
	topic_settle(all, t);
}

void
sub_remove(struct topics *all, struct topic *t, struct session *s)
{
	struct sub *sub = sub_find(all, t, s);

	if (sub != NULL)
		sub_free(all, sub);
}

bool
sub_remove_some(struct topics *all, struct session *s, size_t *most)
{
	struct sub *sub, *next;

	for (sub = s->subs; sub != NULL; sub = next) {
		if (*most == 0)
			return false;
		(*most)--;
		next = sub->next;
		sub_free(all, sub);
	}
	return true;
}
