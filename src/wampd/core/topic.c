/*
 * topic.c: who listens to what.
 */
#include "wampd/core/topic.h"

#include <stdlib.h>

#include "proto/json.h"
#include "route/table.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/handler.h"
#include "wampd/core/bounds.h"

#define IDLE_BYTES_MAX	(1u << 20)	/* names of unused topics kept */
#define IDLE_BYTES_MOST	(4u << 20)	/* the same, until there is time */
#define TOPIC_OVERHEAD	256		/* bytes a topic beyond its name */

static struct slice
topic_key(const void *topic)
{
	return ((const struct topic *)topic)->name;
}

/* The two pointers at the head of struct sub. */
static struct slice
sub_key(const void *sub)
{
	return slice_of(sub, offsetof(struct sub, next));
}

bool
topic_in_use(const struct topic *t)
{
	return t->n > 0 || t->retained != NULL;
}

static size_t
topic_weight(const struct topic *t)
{
	return t->text.cap + TOPIC_OVERHEAD;
}

static void
members_free(struct topic *t)
{
	if (t->members != &t->only)
		free(t->members);
	t->members = NULL;
	t->cap = 0;
}

static void
topic_free(struct topic *t)
{
	if (t == NULL)
		return;
	event_unref(t->retained);
	buf_clear(&t->text);
	members_free(t);
	free(t);
}

static void
topic_set_idle(struct topics *all, struct topic *t)
{
	t->idle = true;
	TAILQ_INSERT_TAIL(&all->idle, t, link);
	all->idle_bytes += topic_weight(t);
}

static void
topic_unset_idle(struct topics *all, struct topic *t)
{
	t->idle = false;
	TAILQ_REMOVE(&all->idle, t, link);
	all->idle_bytes -= topic_weight(t);
}

/* Move it to where it belongs after a change. */
static void
topic_settle(struct topics *all, struct topic *t)
{
	if (topic_in_use(t) == !t->idle)
		return;
	if (t->idle) {
		topic_unset_idle(all, t);
		TAILQ_INSERT_TAIL(&all->used, t, link);
		all->nused++;
	} else {
		cursors_pass(&all->broker->cursors, t, TAILQ_NEXT(t, link));
		TAILQ_REMOVE(&all->used, t, link);
		all->nused--;
		topic_set_idle(all, t);
	}
}

bool
topic_evict_due(const struct topics *all)
{
	return all->idle_bytes > IDLE_BYTES_MAX;
}

/* However many come in one turn, they don't pile up. */
void
topic_evict(struct topics *all)
{
	size_t left = TURN_TOPICS;
	struct topic *t;

	while (all->idle_bytes >
	    (left > 0 ? IDLE_BYTES_MAX : IDLE_BYTES_MOST) &&
	    (t = TAILQ_FIRST(&all->idle)) != NULL) {
		topic_unset_idle(all, t);
		(void)map_remove(&all->by_name, t->name);
		if (all->last == t)
			all->last = NULL;
		topic_free(t);
		left -= left > 0;
	}
}

/* The attributes as a JSON object, what handlers' programs see. */
static int
add_attributes(struct buf *out, const struct route_attrs *attrs)
{
	size_t i;

	for (i = 0; i < attrs->n; i++)
		if (buf_add_char(out, i ? ',' : '{') == -1 ||
		    json_quote(out, slice_str(attrs->v[i].name)) == -1 ||
		    buf_add_char(out, ':') == -1 ||
		    json_quote(out, attrs->v[i].value) == -1)
			return -1;
	return buf_add_str(out, attrs->n > 0 ? "}" : "{}");
}

static struct topic *
topic_new(struct topics *all, struct slice name)
{
	struct route_attrs attrs = { .n = 0 };
	struct topic *t;
	size_t json_len;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return NULL;
	t->handler = handler_route(all->broker, name, &t->route, &attrs);
	if (json_quote(&t->text, name) == -1)
		goto fail;
	json_len = t->text.len;
	if (buf_add_slice(&t->text, name) == -1 ||
	    add_attributes(&t->text, &attrs) == -1)
		goto fail;
	t->json = slice_of(t->text.data, json_len);
	t->name = slice_of(t->text.data + json_len, name.len);
	t->attributes = slice_of(t->name.p + name.len,
	    t->text.len - json_len - name.len);
	t->tapped = taps_want(&all->broker->taps, t->name);
	if (map_insert(&all->by_name, t) == -1)
		goto fail;
	topic_set_idle(all, t);
	return t;
fail:
	topic_free(t);
	return NULL;
}

struct topic *
topic_obtain(struct topics *all, struct slice name)
{
	struct topic *t = all->last;

	if (t != NULL && slice_eq(t->name, name))
		return t;
	if ((t = map_find(&all->by_name, name)) == NULL &&
	    (t = topic_new(all, name)) == NULL)
		return NULL;
	all->last = t;
	return t;
}

struct topic *
topic_find(struct topics *all, struct slice name)
{
	struct topic *t = map_find(&all->by_name, name);

	return t != NULL && topic_in_use(t) ? t : NULL;
}

static struct sub *
sub_find(struct topics *all, struct topic *t, struct session *s)
{
	const struct sub key = { .session = s, .topic = t };

	return map_find(&all->subs, sub_key(&key));
}

bool
topic_has(struct topics *all, struct topic *t, struct session *s)
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

int
topic_add(struct topics *all, struct topic *t, struct session *s)
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
	topic_settle(all, t);
	if (t->handler != NULL && t->handler->type->joined != NULL) {
		handler_stir(t->handler);
		t->handler->type->joined(t->handler, t, s);
	}
	return 1;
}

/* The last member takes the place of the one that leaves. */
static void
member_remove(struct topics *all, struct topic *t, size_t index)
{
	struct session *last = t->members[--t->n];

	if (index < t->n) {
		t->members[index] = last;
		sub_find(all, t, last)->index = index;
	}
	if (t->n == 0)
		members_free(t);
}

static void
sub_free(struct topics *all, struct sub *sub)
{
	struct session *s = sub->session;
	struct topic *t = sub->topic;

	member_remove(all, t, sub->index);
	(void)map_remove(&all->subs, sub_key(sub));
	if (sub->prev != NULL)
		sub->prev->next = sub->next;
	else
		s->subs = sub->next;
	if (sub->next != NULL)
		sub->next->prev = sub->prev;
	s->nsubs--;
	free(sub);
	if (t->handler != NULL && t->handler->type->left != NULL) {
		handler_stir(t->handler);
		t->handler->type->left(t->handler, t, s);
	}
	topic_settle(all, t);
}

void
topic_remove(struct topics *all, struct topic *t, struct session *s)
{
	struct sub *sub = sub_find(all, t, s);

	if (sub != NULL)
		sub_free(all, sub);
}

bool
topic_remove_some(struct topics *all, struct session *s, size_t *most)
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

/* What a topic's retained event costs: the topic stays because of it. */
static size_t
retained_weight(const struct topic *t)
{
	return t->retained == NULL ? 0 : topic_weight(t) + t->json.len +
	    t->retained->len;
}

void
topic_retain(struct topics *all, struct topic *t, struct event *ev)
{
	struct pressure *p = &all->broker->pressure;

	if (ev != NULL)
		ev->refs++;
	all->retained_bytes -= retained_weight(t);
	if (t->retained != NULL)
		p->retained_events -= event_size(t->retained);
	event_unref(t->retained);
	t->retained = ev;
	if (ev != NULL)
		p->retained_events += event_size(ev);
	all->retained_bytes += retained_weight(t);
	topic_settle(all, t);
}

bool
topic_may_retain(const struct topics *all, const struct topic *t, size_t len)
{
	return all->retained_bytes - retained_weight(t) + topic_weight(t) +
	    t->json.len + len <= all->broker->set.limit_retained;
}

void
topics_init(struct topics *all, struct broker *b)
{
	all->broker = b;
	TAILQ_INIT(&all->used);
	TAILQ_INIT(&all->idle);
	map_init(&all->by_name, topic_key);
	map_init(&all->subs, sub_key);
}

void
topics_clear(struct topics *all)
{
	struct topic *t;
	size_t pos = 0;

	while ((t = map_next(&all->by_name, &pos)) != NULL)
		topic_free(t);
	map_clear(&all->by_name);
	map_clear(&all->subs);
}
