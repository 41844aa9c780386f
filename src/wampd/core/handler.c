/*
 * handler.c: a broker's handlers: made, found, told of sessions and of time.
 */
#include "wampd/core/handler.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "route/declare.h"
#include "route/diag.h"
#include "route/lint.h"
#include "route/table.h"
#include "wampd/core/broker.h"
#include "wampd/core/shared.h"

/* Types that are used without being declared. */
#define TYPE_OPEN	"broadcast"	/* no declaration is there at all */
#define TYPE_CLOSED	"closed"	/* this handler is declared nowhere */

/* ---- life ---- */

static void
handler_declare(struct handler *h, const struct handler_decl *d)
{
	static const enum overflow overflows[] = {
		[DECLARE_DISCONNECT] = OVERFLOW_DISCONNECT,
		[DECLARE_DROP_OLDEST] = OVERFLOW_DROP_OLDEST,
		[DECLARE_DROP_NEWEST] = OVERFLOW_DROP_NEWEST,
	};
	const struct declare_right *r = d != NULL ? d->rights : declare_rights;

	h->subscribe = acl_of(&r[DECLARE_SUBSCRIBE]);
	h->publish = acl_of(&r[DECLARE_PUBLISH]);
	h->call = acl_of(&r[DECLARE_CALL]);
	if (d == NULL)
		return;
	h->decl = d;
	h->max_size = d->max_size;
	h->rate = (double)d->rate;
	h->burst = (double)d->burst;
	h->overflow = overflows[d->overflow];
	h->retain = d->retain;
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

/* Give it its type.  0, or -1 with the faults reported. */
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
	if (type->shared != NULL &&
	    (h->shared = shared_obtain(h->broker, type)) == NULL) {
		handler_report_memory(h, d);
		return -1;
	}
	return type->init != NULL ? type->init(h, d) : 0;
}

/* type is a type's name; name and decl (may be NULL) are borrowed.  NULL with
 * the faults reported. */
static struct handler *
handler_new(struct broker *b, const char *type, const char *name,
    const struct handler_decl *decl, struct diags *d)
{
	struct handler *h;

	if ((h = calloc(1, sizeof(*h))) == NULL) {
		handler_report_memory(&(struct handler){ .decl = decl,
		    .name = name }, d);
		return NULL;
	}
	h->name = name;
	h->broker = b;
	h->log = DECLARE_LOG_NONE;
	handler_declare(h, decl);
	if (handler_init(h, find_type(b, type), d) == -1) {
		free(h);
		return NULL;
	}
	return h;
}

static void
handler_free(struct handler *h)
{
	if (h == NULL)
		return;
	if (h->type->free != NULL)
		h->type->free(h);
	free(h);
}

static struct slice
handler_key(const void *handler)
{
	return slice_str(((const struct handler *)handler)->name);
}

/* Make one and put it to the broker's.  NULL with the faults reported. */
static struct handler *
handler_add(struct broker *b, const char *type, const char *name,
    const struct handler_decl *decl, struct diags *d)
{
	struct handler *h = handler_new(b, type, name, decl, d);

	if (h == NULL)
		return NULL;
	if (map_insert(&b->handler_by_name, h) == -1) {
		handler_report_memory(h, d);
		handler_free(h);
		return NULL;
	}
	h->next = b->handlers;
	b->handlers = h;
	return h;
}

/* All of wampd.yml, for what is written there must be right, whether a route
 * makes use of it or not.  A service file is the application's. */
static void
make_declared(struct broker *b, struct diags *d)
{
	const struct handler_decl *decl;
	size_t i;

	for (i = 0; i < declare_count(b->declared); i++) {
		decl = declare_at(b->declared, i);
		if (!decl->service && !decl->faulty)
			(void)handler_add(b, decl->type, decl->name, decl, d);
	}
}

/* Tried out on this machine, and so for it. */
static struct handler *
add_tried(struct broker *b, const char *name, struct diags *d)
{
	struct handler *h = handler_add(b, TYPE_OPEN, name, NULL, d);

	if (h != NULL)
		h->subscribe.who = WHO_LOOPBACK;
	return h;
}

/* What it would ask is not known, so nobody is let through to it. */
static struct handler *
add_closed(struct broker *b, const char *name, struct diags *d)
{
	struct handler *h = handler_add(b, TYPE_CLOSED, name, NULL, d);

	if (h == NULL)
		return NULL;
	h->undeclared = true;
	/* The type refuses everybody, and says why. */
	h->publish.who = WHO_ANYONE;
	return h;
}

/* The handler that a route names; NULL with the faults reported. */
static struct handler *
make_routed(struct broker *b, const struct route *r, struct diags *d)
{
	struct slice name = slice_str(r->handler);
	struct handler *h = map_find(&b->handler_by_name, name);
	const struct handler_decl *decl;

	if (h == NULL && b->declared == NULL) {
		h = add_tried(b, r->handler, d);
	} else if (h == NULL) {
		decl = declare_find(b->declared, name);
		if (decl == NULL)
			h = add_closed(b, r->handler, d);
		else if (decl->service)
			h = handler_add(b, decl->type, r->handler, decl, d);
		/* else it is faulty, as was said */
	}
	if (h != NULL)
		h->routed = true;
	return h;
}

/* What no route names shall not hear of sessions, nor start programs. */
static void
drop_unrouted(struct broker *b)
{
	struct handler **at = &b->handlers, *h;

	while ((h = *at) != NULL) {
		if (h->routed) {
			at = &h->next;
			continue;
		}
		*at = h->next;
		(void)map_remove(&b->handler_by_name, slice_str(h->name));
		handler_free(h);
	}
}

/* Who wants to know of sessions, and who of time.  All tick in the first turn,
 * as those may that have to do with a start. */
static void
list_wanting(struct broker *b)
{
	struct handler *h;

	for (h = b->handlers; h != NULL; h = h->next) {
		handler_stir(h);
		if (h->type->opened == NULL && h->type->closed == NULL)
			continue;
		h->next_told = b->told;
		b->told = h;
	}
}

/* Tried out without any routes, from this very machine. */
static void
make_open(struct broker *b, struct diags *d)
{
	struct handler *h = handler_new(b, TYPE_OPEN, "open", NULL, d);

	if (h != NULL)
		h->publish.who = WHO_LOOPBACK | WHO_AUTHENTICATED;
	b->open_handler = h;
}

int
handlers_make(struct broker *b, struct diags *d, struct errbuf *e)
{
	size_t i, n = b->routes != NULL ? routes_count(b->routes) : 0;
	size_t closed = 0, before = d->errors;

	map_init(&b->handler_by_name, handler_key);
	b->by_route = calloc(n + 1, sizeof(struct handler *));
	if (b->by_route == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	make_open(b, d);
	if (b->declared != NULL)
		make_declared(b, d);
	if (b->declared != NULL && n > 0)
		closed = routes_lint_handlers(b->routes, b->declared, d);
	for (i = 0; i < n; i++)
		b->by_route[i] = make_routed(b, routes_at(b->routes, i), d);
	drop_unrouted(b);
	list_wanting(b);
	if (d->errors == before + closed)
		return 0;
	err_set(e, "the configuration has %zu error%s", d->errors - before,
	    d->errors - before == 1 ? "" : "s");
	return -1;
}

void
handlers_free(struct broker *b)
{
	struct handler *h;

	map_clear(&b->handler_by_name);
	while ((h = b->handlers) != NULL) {
		b->handlers = h->next;
		handler_free(h);
	}
	handler_free(b->open_handler);
	free(b->by_route);
}

/* ---- finding ---- */

struct handler *
handler_route(struct broker *b, struct slice topic, const struct route **route,
    struct route_attrs *attrs)
{
	*route = NULL;
	if (b->routes == NULL)
		return b->open_handler;
	if ((*route = routes_match(b->routes, topic, attrs)) == NULL)
		return NULL;
	return b->by_route[(*route)->index];
}

bool
handler_is_closed(const struct handler *h)
{
	return h != NULL && h->undeclared;
}

void
handlers_opened(struct session *s)
{
	struct handler *h;

	for (h = s->broker->told; h != NULL; h = h->next_told) {
		handler_stir(h);
		if (h->type->opened != NULL)
			h->type->opened(h, s);
	}
}

void
handlers_closed(struct session *s)
{
	struct handler *h;

	for (h = s->broker->told; h != NULL; h = h->next_told) {
		handler_stir(h);
		if (h->type->closed != NULL)
			h->type->closed(h, s);
	}
}

/* ---- time ---- */

/* Due now, before all others. */
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

/* Most are due later than those that are listed. */
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

/* Each once, even if the tick of one stirs another. */
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
