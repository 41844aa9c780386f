/*
 * generation.h: the settings, routes and handlers of one load of the
 * configuration.
 *
 * They are one immutable, counted structure.  The broker holds the newest
 * generation.  Topics and requests hold the generation of their handler; topics
 * then move to the newest.  A generation is freed at the end of the turn in
 * which its last reference was given back.  Whoever borrows from a generation
 * holds a reference.
 */
#pragma once

#include <stddef.h>
#include <sys/queue.h>

#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "wampd/core/settings.h"

struct broker;
struct declarations;
struct diags;
struct handler;
struct route;
struct route_attrs;
struct routes;
struct session;

struct generation {
	LIST_ENTRY(generation) link;	/* broker->generations */
	unsigned	  refs;
	uint64_t	  number;	/* 1 is the first; 0: it was never the
					 * newest */
	int64_t		  loaded;	/* ms since 1970: when it became the
					 * newest */
	struct broker	 *broker;	/* borrowed */
	struct broker_settings set;	/* texts borrowed from source */
	struct routes	 *routes;	/* owned; NULL: none given */
	struct declarations *declared;	/* owned; NULL: none given */
	void		 *source;	/* owned; see generation_parts */
	void		(*source_free)(void *source);
	struct handler	 *handlers;	/* owned list */
	struct handler	 *told;		/* list: the handlers with opened()
					 * or closed() */
	struct handler	**by_route;	/* owned array; by route->index */
	struct map	  handler_by_name;
	struct handler	 *own_handler;	/* owned; of the broker's own topics,
					 * see watch.h */
	struct handler	 *open_handler;	/* owned; of all topics, if there are
					 * no routes */
};

LIST_HEAD(generations, generation);

/* What a generation is made of. */
struct generation_parts {
	struct routes	    *routes;	/* taken; NULL: every topic is a
					 * broadcast topic */
	struct declarations *declared;	/* taken; NULL: a try-out without
					 * declared handlers */
	void		    *source;	/* taken; owns the texts of the
					 * settings; or NULL */
	void		   (*source_free)(void *source);
	struct diags	    *diags;	/* borrowed; gets the faults of the
					 * declared handlers */
};

/* Free what generation_new() would take. */
void	generation_parts_clear(const struct generation_parts *parts);

/*
 * Make a generation of b, with one reference, and its handlers: those that its
 * routes name, and one for all topics if it has no routes.  A handler that
 * wampd.yml declares but no route names is made to check its declaration, and
 * freed at once.
 *
 * If a route names a handler that is not declared, the route is closed to
 * everybody.  This is an error in parts->diags, but the generation is made.  If
 * nothing is declared at all, such a route broadcasts to this machine.
 *
 * Returns NULL with *e filled, and the faults of the declarations in
 * parts->diags.  The parts that it takes are freed then, too.
 */
struct generation *generation_new(struct broker *b,
	    const struct broker_settings *set,
	    const struct generation_parts *parts, struct errbuf *e);

/* Let the unchanged handlers of g go on with what those of the generation
 * before have: see inherit() of struct handler_type. */
void	generation_inherit(struct generation *g,
	    struct generation *before);

/* Take a reference. */
void	generation_hold(struct generation *g);

/* Give a reference back.  NULL is fine. */
void	generation_release(struct generation *g);

/* Free the generations without references.  Called at the end of a turn, when
 * b->unheld is not 0. */
void	generations_reap(struct broker *b);

/* Free all, because the broker ends.  Their handlers end the requests that hold
 * them. */
void	generations_clear(struct generations *all);

/* Returns the handler of the route that matches the topic, or NULL when no
 * route matches.  *route is that route, and attrs are its attributes.  Without
 * any routes, *route is NULL and the handler is that for all topics. */
struct handler *generation_route(const struct generation *g,
	    struct slice topic, const struct route **route,
	    struct route_attrs *attrs);

/* The number of routes. */
size_t	generation_count_routes(const struct generation *g);

/* Tell the handlers of g that a session was opened, and the handlers of all
 * generations that one is closed. */
void	generation_tell_opened(const struct generation *g,
	    struct session *s);
void	generations_tell_closed(const struct generations *all,
	    struct session *s);
