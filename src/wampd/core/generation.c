/*
 * generation.c: the settings, routes and handlers of one load of the
 * configuration.
 */
#include "wampd/core/generation.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "route/declare.h"
#include "route/diag.h"
#include "route/lint.h"
#include "route/table.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/loop.h"

/* Types of handlers that are not declared. */
#define TYPE_OPEN	"broadcast"	/* nothing is declared at all */
#define TYPE_CLOSED	"closed"	/* only this handler is not */

#define NAME_OWN	"wampd"		/* who may watch the broker */

/* ---- its handlers ---- */

static struct slice
handler_key(const void *handler)
{
	return slice_str(((const struct handler *)handler)->name);
}

/* Make a handler and add it to g.  NULL with the faults reported. */
static struct handler *
handler_add(struct generation *g, const char *type, const char *name,
    const struct handler_decl *decl, struct diags *d)
{
	struct handler *h = handler_new(g, type, name, decl, d);

	if (h == NULL)
		return NULL;
	if (map_insert(&g->handler_by_name, h) == -1) {
		handler_report_memory(h, d);
		handler_free(h);
		return NULL;
	}
	h->next = g->handlers;
	g->handlers = h;
	return h;
}

/* Make all handlers of wampd.yml: a wrong declaration is an error even if no
 * route names it.  Those of service files, which belong to the application, are
 * made when a route names them. */
static void
make_declared(struct generation *g, struct diags *d)
{
	const struct handler_decl *decl;
	size_t i;

	for (i = 0; i < declare_count(g->declared); i++) {
		decl = declare_at(g->declared, i);
		if (!decl->service && !decl->faulty)
			(void)handler_add(g, decl->type, decl->name, decl, d);
	}
}

/* The handler of a route if nothing is declared.  It is for trying routes out,
 * so only this machine may subscribe. */
static struct handler *
add_tried(struct generation *g, const char *name, struct diags *d)
{
	struct handler *h = handler_add(g, TYPE_OPEN, name, NULL, d);

	if (h != NULL)
		h->rights[DECLARE_SUBSCRIBE].who = WHO_LOOPBACK;
	return h;
}

/* The handler of a route whose handler is not declared.  Whom it should let in
 * is unknown, so it refuses everybody. */
static struct handler *
add_closed(struct generation *g, const char *name, struct diags *d)
{
	struct handler *h = handler_add(g, TYPE_CLOSED, name, NULL, d);

	if (h == NULL)
		return NULL;
	h->undeclared = true;
	/* Let everybody through to the type, which refuses with the reason. */
	h->rights[DECLARE_PUBLISH].who = WHO_ANYONE;
	return h;
}

/* The handler that a route names; NULL with the faults reported. */
static struct handler *
make_routed(struct generation *g, const struct route *r, struct diags *d)
{
	struct slice name = slice_str(r->handler);
	struct handler *h = map_find(&g->handler_by_name, name);
	const struct handler_decl *decl;

	if (h == NULL && g->declared == NULL) {
		h = add_tried(g, r->handler, d);
	} else if (h == NULL) {
		decl = declare_find(g->declared, name);
		if (decl == NULL)
			h = add_closed(g, r->handler, d);
		else if (decl->service)
			h = handler_add(g, decl->type, r->handler, decl, d);
		/* else it is faulty, which is reported already */
	}
	if (h != NULL)
		h->routed = true;
	return h;
}

/* Free the handlers that no route names.  They must not be told of sessions or
 * start programs. */
static void
drop_unrouted(struct generation *g)
{
	struct handler **at = &g->handlers, *h;

	while ((h = *at) != NULL) {
		if (h->routed) {
			at = &h->next;
			continue;
		}
		*at = h->next;
		(void)map_remove(&g->handler_by_name, slice_str(h->name));
		handler_free(h);
	}
}

/* List the handlers that want to be told of sessions.  All handlers tick in the
 * first turn, because some have work to do at the start. */
static void
list_wanting(struct generation *g)
{
	struct handler *h;

	for (h = g->handlers; h != NULL; h = h->next) {
		handler_stir(h);
		if (h->type->opened == NULL && h->type->closed == NULL)
			continue;
		h->next_told = g->told;
		g->told = h;
	}
}

/* The handler of all topics if there are no routes.  It is for trying the
 * broker out, so besides users with a proved name only this machine may
 * publish. */
static void
make_open(struct generation *g, struct diags *d)
{
	struct handler *h = handler_new(g, TYPE_OPEN, "open", NULL, d);

	if (h != NULL)
		h->rights[DECLARE_PUBLISH].who = WHO_LOOPBACK |
		    WHO_AUTHENTICATED;
	g->open_handler = h;
}

/* Whether the declaration says nothing but who may subscribe. */
static bool
only_subscribes(const struct handler_decl *decl)
{
	return strcmp(decl->type, TYPE_OPEN) == 0 && !decl->retain &&
	    decl->rights[DECLARE_PUBLISH].at.line == 0 &&
	    decl->rights[DECLARE_CALL].at.line == 0;
}

/* The handler of the broker's own topics.  If a handler of that name is
 * declared, its list says who may subscribe.  Otherwise these are local peers.
 * Nobody may publish. */
static void
make_own(struct generation *g, struct diags *d)
{
	const struct handler_decl *decl = g->declared != NULL ?
	    declare_find(g->declared, SLICE(NAME_OWN)) : NULL;
	struct handler *h = handler_new(g, TYPE_OPEN, NAME_OWN, NULL, d);
	struct acl *may;
	size_t i;

	if ((g->own_handler = h) == NULL)
		return;
	for (i = 0; i < DECLARE_ACTIONS; i++)
		acl_clear(&h->rights[i]);
	h->overflow = OVERFLOW_DROP_OLDEST;
	may = &h->rights[DECLARE_SUBSCRIBE];
	may->who = WHO_LOCAL;
	if (decl == NULL || decl->faulty || decl->service)
		return;
	if (!only_subscribes(decl))
		diag_add(d, DIAG_ERROR, decl->file, decl->line, decl->column,
		    "own-topics", "the handler \"" NAME_OWN "\" only says who "
		    "may subscribe to the broker's own topics: it has type "
		    "broadcast and the key subscribe");
	h->decl = decl;
	if (decl->rights[DECLARE_SUBSCRIBE].at.line > 0 &&
	    acl_init(may, &g->broker->names,
	    &decl->rights[DECLARE_SUBSCRIBE]) == -1)
		handler_report_memory(h, d);
}

static int
make_handlers(struct generation *g, struct diags *d, struct errbuf *e)
{
	size_t i, n = generation_count_routes(g);
	size_t closed = 0, before = d->errors;

	g->by_route = calloc(n + 1, sizeof(struct handler *));
	if (g->by_route == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	make_open(g, d);
	make_own(g, d);
	if (g->declared != NULL)
		make_declared(g, d);
	if (g->declared != NULL && n > 0)
		closed = routes_lint_handlers(g->routes, g->declared, d);
	for (i = 0; i < n; i++)
		g->by_route[i] = make_routed(g, routes_at(g->routes, i), d);
	drop_unrouted(g);
	list_wanting(g);
	if (d->errors == before + closed)
		return 0;
	err_set(e, "the configuration has %zu error%s", d->errors - before,
	    d->errors - before == 1 ? "" : "s");
	return -1;
}

static void
free_handlers(struct generation *g)
{
	struct handler *h;

	map_clear(&g->handler_by_name);
	while ((h = g->handlers) != NULL) {
		g->handlers = h->next;
		handler_free(h);
	}
	handler_free(g->open_handler);
	handler_free(g->own_handler);
	free(g->by_route);
}

/* ---- finding ---- */

struct handler *
generation_route(const struct generation *g, struct slice topic,
    const struct route **route, struct route_attrs *attrs)
{
	*route = NULL;
	if (watch_is_own(topic))
		return g->own_handler;
	if (g->routes == NULL)
		return g->open_handler;
	if ((*route = routes_match(g->routes, topic, attrs)) == NULL)
		return NULL;
	return g->by_route[(*route)->index];
}

size_t
generation_count_routes(const struct generation *g)
{
	return g->routes != NULL ? routes_count(g->routes) : 0;
}

void
generation_tell_opened(const struct generation *g, struct session *s)
{
	struct handler *h;

	for (h = g->told; h != NULL; h = h->next_told) {
		handler_stir(h);
		if (h->type->opened != NULL)
			h->type->opened(h, s);
	}
}

void
generations_tell_closed(const struct generations *all, struct session *s)
{
	const struct generation *g;
	struct handler *h;

	LIST_FOREACH(g, all, link)
		for (h = g->told; h != NULL; h = h->next_told) {
			handler_stir(h);
			if (h->type->closed != NULL)
				h->type->closed(h, s);
		}
}

/* ---- life ---- */

void
generation_parts_clear(const struct generation_parts *parts)
{
	declare_free(parts->declared);
	routes_free(parts->routes);
	if (parts->source_free != NULL)
		parts->source_free(parts->source);
}

/* ---- its tables ---- */

/* Thousands of routes, on their way to be freed in a thread. */
struct tables {
	struct declarations *declared;	/* owned */
	struct routes *routes;		/* owned */
};

/* They were read in another thread, whose free memory would stay with it. */
static void
on_free_tables(void *arg)
{
	struct tables *t = arg;

	declare_free(t->declared);
	routes_free(t->routes);
	(void)malloc_trim(0);
}

static void
on_freed(void *arg, int64_t now)
{
	(void)now;
	free(arg);
}

/* Let a thread free the tables of g.  Returns false when out of memory, or
 * without threads. */
static bool
free_tables_later(const struct generation *g)
{
	const struct broker *b = g->broker;
	struct tables *t;

	if (b->loop == NULL || b->loop->work == NULL ||
	    (t = malloc(sizeof(*t))) == NULL)
		return false;
	t->declared = g->declared;
	t->routes = g->routes;
	if (b->loop->work(b->loop_ctx, on_free_tables, on_freed, t) == 0)
		return true;
	free(t);
	return false;
}

/* later: the loop runs, and must not wait for it. */
static void
generation_free(struct generation *g, bool later)
{
	LIST_REMOVE(g, link);
	g->broker->ngenerations--;
	free_handlers(g);	/* they borrow from the tables */
	if (!later || !free_tables_later(g)) {
		declare_free(g->declared);
		routes_free(g->routes);
	}
	if (g->source_free != NULL)
		g->source_free(g->source);
	free(g);
}

struct generation *
generation_new(struct broker *b, const struct broker_settings *set,
    const struct generation_parts *parts, struct errbuf *e)
{
	struct generation *g = calloc(1, sizeof(*g));

	if (g == NULL) {
		err_set(e, "out of memory");
		generation_parts_clear(parts);
		return NULL;
	}
	g->refs = 1;
	g->broker = b;
	g->set = *set;
	g->routes = parts->routes;
	g->declared = parts->declared;
	g->source = parts->source;
	g->source_free = parts->source_free;
	map_init(&g->handler_by_name, handler_key);
	LIST_INSERT_HEAD(&b->generations, g, link);
	b->ngenerations++;
	if (make_handlers(g, parts->diags, e) == 0)
		return g;
	generation_free(g, false);
	return NULL;
}

void
generation_inherit(struct generation *g, struct generation *before)
{
	struct handler *h;

	for (h = g->handlers; h != NULL; h = h->next)
		handler_inherit(h, map_find(&before->handler_by_name,
		    slice_str(h->name)));
	handler_inherit(g->open_handler, before->open_handler);
}

void
generation_hold(struct generation *g)
{
	g->refs++;
}

/* The generation is freed only at the end of the turn, because one of its
 * handlers may be running. */
void
generation_release(struct generation *g)
{
	if (g != NULL && --g->refs == 0)
		g->broker->unheld++;
}

void
generations_clear(struct generations *all)
{
	struct generation *g, *next;

	for (g = LIST_FIRST(all); g != NULL; g = next) {
		next = LIST_NEXT(g, link);
		generation_free(g, false);
	}
}

void
generations_reap(struct broker *b)
{
	struct generation *g, *next;

	for (g = LIST_FIRST(&b->generations); g != NULL; g = next) {
		next = LIST_NEXT(g, link);
		if (g->refs == 0)
			generation_free(g, true);
	}
	b->unheld = 0;
}
