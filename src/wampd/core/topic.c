/*
 * topic.c: topics: their names, routes and handlers.
 */
#include "wampd/core/topic.h"

#include <stdlib.h>

#include "proto/json.h"
#include "route/table.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/history.h"

#define IDLE_BYTES_MOST	(4u << 20)	/* kept even if a turn has no time */
#define TOPIC_OVERHEAD	256		/* bytes of a topic beside its text */

static struct slice
topic_key(const void *topic)
{
	return ((const struct topic *)topic)->name;
}

bool
topic_in_use(const struct topic *t)
{
	return t->n > 0 || t->retained != NULL || t->history != NULL;
}

/* The memory of a topic, in bytes. */
static size_t
topic_weight(const struct topic *t)
{
	return t->text.cap + TOPIC_OVERHEAD;
}

/* The attributes are parts of the name as JSON strings, with their own
 * names. */
size_t
topic_cost(const struct topic *t)
{
	return TOPIC_OVERHEAD + t->name.len + 2 * t->json.len;
}

void
topic_free_members(struct topic *t)
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
	generation_release(t->generation);
	buf_clear(&t->text);
	topic_free_members(t);
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
	cursors_pass(&all->broker->cursors, t, TAILQ_NEXT(t, link));
	TAILQ_REMOVE(&all->idle, t, link);
	all->idle_bytes -= topic_weight(t);
}

void
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

/* A turn frees at most TURN_TOPICS.  If more idle topics come than that, it
 * frees more, so that they never take more than IDLE_BYTES_MOST. */
void
topic_evict(struct topics *all)
{
	size_t left = TURN_TOPICS;
	struct topic *t;

	while (all->idle_bytes >
	    (left > 0 ? TOPICS_IDLE_MAX : IDLE_BYTES_MOST) &&
	    (t = TAILQ_FIRST(&all->idle)) != NULL) {
		topic_unset_idle(all, t);
		(void)map_remove(&all->by_name, t->name);
		if (all->last == t)
			all->last = NULL;
		topic_free(t);
		left -= left > 0;
	}
}

/* Append the attributes as a JSON object, for the handlers' programs. */
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

/* Set the name of t, and its route and handler by the newest generation.  0, or
 * -1 when out of memory: then nothing is changed. */
static int
topic_route(struct topics *all, struct topic *t, struct slice name)
{
	struct generation *g = all->broker->generation;
	struct route_attrs attrs = { .n = 0 };
	const struct route *route;
	struct handler *h = generation_route(g, name, &route, &attrs);
	struct buf text = { 0 };
	size_t json_len;

	if (json_quote(&text, name) == -1)
		goto fail;
	json_len = text.len;
	if (buf_add_slice(&text, name) == -1 ||
	    add_attributes(&text, &attrs) == -1)
		goto fail;
	buf_trim(&text);	/* it is kept for long */
	buf_clear(&t->text);
	t->text = text;
	t->json = slice_of(text.data, json_len);
	t->name = slice_of(text.data + json_len, name.len);
	t->attributes = slice_of(t->name.p + name.len,
	    text.len - json_len - name.len);
	t->route = route;
	t->handler = h;
	generation_release(t->generation);
	t->generation = g;
	generation_hold(g);
	t->tapped = taps_want(&all->broker->taps, t->name);
	return 0;
fail:
	buf_clear(&text);
	return -1;
}

static struct topic *
topic_new(struct topics *all, struct slice name)
{
	struct topic *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return NULL;
	if (topic_route(all, t, name) == -1 ||
	    map_insert(&all->by_name, t) == -1) {
		topic_free(t);
		return NULL;
	}
	topic_set_idle(all, t);
	return t;
}

/* ---- moving to a new generation ---- */

/* Tell the handler that the members leave, or the new one that they join,
 * one after the other: t->n is the number of members that it has then. */
static void
members_tell_left(struct topic *t)
{
	size_t n = t->n;

	/* A crowd is not walked for nothing. */
	if (t->handler == NULL || t->handler->type->left == NULL)
		return;
	while (t->n > 0) {
		t->n--;
		handler_tell_left(t->handler, t, t->members[t->n]);
	}
	t->n = n;
}

static void
members_tell_joined(struct topic *t)
{
	size_t n = t->n;

	if (t->handler == NULL || t->handler->type->joined == NULL)
		return;
	for (t->n = 0; t->n < n; ) {
		t->n++;
		handler_tell_joined(t->handler, t, t->members[t->n - 1]);
	}
}

static bool
is_stale(const struct topics *all, const struct topic *t)
{
	return t->generation != all->broker->generation;
}

/* Whether the newest generation has another handler for t. */
static bool
has_other_handler(const struct topics *all, const struct topic *t)
{
	struct route_attrs attrs = { .n = 0 };
	const struct route *route;

	return !handler_is_same(t->handler, generation_route(
	    all->broker->generation, t->name, &route, &attrs));
}

/* Move t to the newest generation.  It stays as it is when out of memory.  If a
 * reload has not changed the handler, nobody leaves or joins. */
static void
topic_renew(struct topics *all, struct topic *t)
{
	bool other = has_other_handler(all, t);

	if (t->idle)
		all->idle_bytes -= topic_weight(t);
	if (other)
		members_tell_left(t);
	(void)topic_route(all, t, t->name);
	if (other)
		members_tell_joined(t);
	if (t->idle)
		all->idle_bytes += topic_weight(t);
	/* The new handler may keep less: history_tick() looks.  Moving a
	 * deadline takes no memory. */
	if (t->history != NULL)
		(void)deadline_set(&all->history_ends, &t->history->oldest,
		    all->broker->now);
}

/* Begin to walk a list.  The used topics come first: one that becomes idle
 * meanwhile goes to the end of the idle ones, so it is not missed. */
static void
stale_walk(struct topics *all, enum topics_stale what)
{
	all->stale = what;
	if (what == TOPICS_STALE_NONE)
		TAILQ_REMOVE(&all->broker->cursors, &all->cursor, link);
	else
		all->cursor.at = TAILQ_FIRST(what == TOPICS_STALE_USED ?
		    &all->used : &all->idle);
}

void
topics_renew(struct topics *all)
{
	if (!topics_are_stale(all))
		TAILQ_INSERT_TAIL(&all->broker->cursors, &all->cursor, link);
	all->last = NULL;
	stale_walk(all, TOPICS_STALE_USED);
}

void
topics_renew_some(struct topics *all)
{
	size_t left = TURN_TOPICS;
	struct topic *t;

	while (topics_are_stale(all) && left-- > 0) {
		if (all->cursor.at == NULL) {
			stale_walk(all, all->stale == TOPICS_STALE_USED ?
			    TOPICS_STALE_IDLE : TOPICS_STALE_NONE);
			continue;
		}
		t = (struct topic *)(uintptr_t)all->cursor.at;
		all->cursor.at = TAILQ_NEXT(t, link);
		if (is_stale(all, t))
			topic_renew(all, t);
	}
}

void
topic_refresh(struct topics *all, struct topic *t)
{
	if (is_stale(all, t))
		topic_renew(all, t);
}

/* ---- looking up ---- */

struct topic *
topic_obtain(struct topics *all, struct slice name)
{
	struct topic *t = all->last;

	if (t != NULL && slice_eq(t->name, name))
		return t;
	if ((t = map_find(&all->by_name, name)) == NULL &&
	    (t = topic_new(all, name)) == NULL)
		return NULL;
	if (is_stale(all, t))
		topic_renew(all, t);
	all->last = t;
	return t;
}

struct topic *
topic_find(struct topics *all, struct slice name)
{
	struct topic *t = map_find(&all->by_name, name);

	return t != NULL && topic_in_use(t) ? t : NULL;
}

void
topics_init(struct topics *all, struct broker *b)
{
	all->broker = b;
	TAILQ_INIT(&all->used);
	TAILQ_INIT(&all->idle);
	map_init(&all->by_name, topic_key);
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
	deadlines_clear(&all->retained_ends);
	deadlines_clear(&all->history_ends);
}
