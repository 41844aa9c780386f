/*
 * handler.c: handlers: making one, and when it ticks.
 */
#include "wampd/core/handler.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "route/declare.h"
#include "route/diag.h"
#include "wampd/core/broker.h"
#include "wampd/core/generation.h"
#include "wampd/core/shared.h"

/* ---- life ---- */

static void
handler_clear_rights(struct handler *h)
{
	size_t i;

	for (i = 0; i < DECLARE_ACTIONS; i++)
		acl_clear(&h->rights[i]);
}

/* 0, or -1 when out of memory. */
static int
handler_init_rights(struct handler *h)
{
	const struct declare_right *r = h->decl != NULL ? h->decl->rights :
	    declare_rights;
	size_t i;

	for (i = 0; i < DECLARE_ACTIONS; i++)
		if (acl_init(&h->rights[i], &h->broker->names, &r[i]) == -1)
			return -1;
	return 0;
}

static void
handler_declare(struct handler *h, const struct handler_decl *d)
{
	static const enum overflow overflows[] = {
		[DECLARE_DISCONNECT] = OVERFLOW_DISCONNECT,
		[DECLARE_DROP_OLDEST] = OVERFLOW_DROP_OLDEST,
		[DECLARE_DROP_NEWEST] = OVERFLOW_DROP_NEWEST,
	};

	h->decl = d;
	h->max_size = d->max_size;
	h->rate = (double)d->rate;
	h->burst = (double)d->burst;
	h->overflow = overflows[d->overflow];
	h->keeps = (d->retain ? KEEP_RETAINED : 0) |
	    (d->history_events > 0 || d->history_time > 0 ? KEEP_HISTORY : 0);
	h->retain_time = d->retain_time;
	h->history_events = d->history_events;
	h->history_time = d->history_time;
	h->log = d->log;
}

static void
handler_report(const struct handler *h, struct diags *d, const char *rule,
    const char *what)
{
	const struct handler_decl *decl = h->decl;

	diag_add(d, DIAG_ERROR, decl != NULL ? decl->file : "wampd",
	    decl != NULL ? decl->line : 0, decl != NULL ? decl->column : 0,
	    rule, "%s for the handler \"%s\"", what, h->name);
}

void
handler_report_memory(const struct handler *h, struct diags *d)
{
	handler_report(h, d, "out-of-memory", "not enough memory");
}

static const struct handler_type *
find_type(const struct broker *b, const char *name)
{
	const struct handler_type *const *at = b->types;

	while (*at != NULL && strcmp((*at)->name, name) != 0)
		at++;
	return *at;
}

/* Give h its type.  0, or -1 with the faults reported. */
static int
handler_init(struct handler *h, const struct handler_type *type,
    struct diags *d)
{
	if (type == NULL) {
		handler_report(h, d, "no-type", "there is no type");
		return -1;
	}
	h->type = type;
	h->calls = type->call != NULL;
	if (handler_init_rights(h) == -1) {
		handler_report_memory(h, d);
		return -1;
	}
	if (type->shared != NULL &&
	    (h->shared = shared_obtain(h->broker, type)) == NULL) {
		handler_report_memory(h, d);
		return -1;
	}
	return type->init != NULL ? type->init(h, d) : 0;
}

struct handler *
handler_new(struct generation *g, const char *type, const char *name,
    const struct handler_decl *decl, struct diags *d)
{
	struct handler *h;

	if ((h = calloc(1, sizeof(*h))) == NULL) {
		handler_report_memory(&(struct handler){ .decl = decl,
		    .name = name }, d);
		return NULL;
	}
	h->name = name;
	h->broker = g->broker;
	h->id = ++g->broker->next_handler;
	h->generation = g;
	h->log = DECLARE_LOG_NONE;
	if (decl != NULL)
		handler_declare(h, decl);
	if (handler_init(h, find_type(g->broker, type), d) == 0)
		return h;
	handler_clear_rights(h);
	free(h);
	return NULL;
}

void
handler_free(struct handler *h)
{
	if (h == NULL)
		return;
	if (h->listed)
		TAILQ_REMOVE(&h->broker->due, h, due_link);
	if (h->type->free != NULL)
		h->type->free(h);
	handler_clear_rights(h);
	free(h);
}

/* Whether h, which is new, does the same as `before`.  Handlers that are not
 * declared only depend on their type. */
static bool
is_unchanged(const struct handler *h, const struct handler *before)
{
	if (h->type != before->type ||
	    (h->decl == NULL) != (before->decl == NULL))
		return false;
	return h->decl == NULL || h->decl->unchanged;
}

void
handler_inherit(struct handler *h, struct handler *before)
{
	if (h == NULL || before == NULL || !is_unchanged(h, before))
		return;
	h->id = before->id;
	h->warned = before->warned;
	h->silent = before->silent;
	h->counts = before->counts;
	h->event_speed = before->event_speed;
	h->call_speed = before->call_speed;
	if (h->type->inherit != NULL)
		h->type->inherit(h, before);
}

bool
handler_is_closed(const struct handler *h)
{
	return h != NULL && h->undeclared;
}

void
handler_tell_joined(struct handler *h, struct topic *t, struct session *s)
{
	if (h == NULL || h->type->joined == NULL)
		return;
	handler_stir(h);
	h->type->joined(h, t, s);
}

void
handler_tell_left(struct handler *h, struct topic *t, struct session *s)
{
	if (h == NULL || h->type->left == NULL)
		return;
	handler_stir(h);
	h->type->left(h, t, s);
}

/* ---- time ---- */

/* A handler that is due now goes to the head of the list. */
void
handler_stir(struct handler *h)
{
	struct broker *b = h->broker;

	if (h->type->tick == NULL || (h->listed && h->due <= b->now))
		return;
	if (h->listed)
		TAILQ_REMOVE(&b->due, h, due_link);
	h->listed = true;
	h->due = 0;
	TAILQ_INSERT_HEAD(&b->due, h, due_link);
}

/* The list is sorted.  Most handlers belong at its end, so search backwards. */
static void
handler_schedule(struct handler *h, int64_t wait)
{
	struct handler_list *list = &h->broker->due;
	struct handler *before = TAILQ_LAST(list, handler_list);

	h->listed = true;
	h->due = h->broker->now + wait;
	while (before != NULL && before->due > h->due)
		before = TAILQ_PREV(before, handler_list, due_link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(list, before, h, due_link);
	else
		TAILQ_INSERT_HEAD(list, h, due_link);
}

/* Each handler ticks once, even if its tick or that of another stirs it. */
int64_t
handlers_tick(struct broker *b)
{
	struct handler_list now = TAILQ_HEAD_INITIALIZER(now);
	struct handler *h;
	int64_t wait;

	while ((h = TAILQ_FIRST(&b->due)) != NULL && h->due <= b->now) {
		TAILQ_REMOVE(&b->due, h, due_link);
		TAILQ_INSERT_TAIL(&now, h, due_link);
	}
	while ((h = TAILQ_FIRST(&now)) != NULL) {
		TAILQ_REMOVE(&now, h, due_link);
		h->listed = false;
		wait = h->type->tick(h);
		if (h->listed)		/* its own tick has stirred it */
			TAILQ_REMOVE(&b->due, h, due_link);
		h->listed = false;
		if (wait != -1)
			handler_schedule(h, wait);
	}
	if ((h = TAILQ_FIRST(&b->due)) == NULL)
		return -1;
	return clock_left(h->due, b->now);
}
