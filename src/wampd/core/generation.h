/*
 * generation.h: one reading of the configuration, as the broker uses it.
 *
 * Settings, routes, declarations and the handlers that they make are one
 * immutable whole, which is counted.  The broker holds the newest one; topics
 * and requests hold the one that their handler belongs to, and topics move to
 * the newest.  A generation that nobody holds is freed when the turn ends.
 * Nothing borrows from it without a reference.
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
	struct broker	 *broker;	/* borrowed */
	struct broker_settings set;	/* its texts are the source's */
	struct routes	 *routes;	/* owned; NULL: none given */
	struct declarations *declared;	/* owned; NULL: none given */
	void		 *source;	/* owned; see generation_parts */
	void		(*source_free)(void *source);
	struct handler	 *handlers;	/* owned list */
	struct handler	 *told;		/* of these, those that are told of
					 * sessions */
	struct handler	**by_route;	/* owned array; of each route */
	struct map	  handler_by_name;
	struct handler	 *open_handler;	/* owned; when no routes */
};

LIST_HEAD(generations, generation);

/* What one is made of. */
struct generation_parts {
	struct routes	    *routes;	/* taken; NULL: every topic is a
					 * broadcast topic */
	struct declarations *declared;	/* taken; NULL: a try-out, in which no
					 * handler is */
	void		    *source;	/* taken: what the settings' texts
					 * borrow from; or NULL */
	void		   (*source_free)(void *source);
	struct diags	    *diags;	/* borrowed; gets the faults of the
					 * declared handlers */
};

/*
 * Make one of b, with one reference, and its handlers: those that its routes
 * name, and the one for all topics when it has no routes.  Handlers that
 * wampd.yml declares for no route are made, too, to see whether they can be,
 * and freed again.
 *
 * A route whose handler is declared nowhere is closed to everybody and is an
 * error in parts->diags, but no failure; with nothing that could declare one,
 * it broadcasts to this machine.  NULL with *e filled and the faults of the
 * declarations in parts->diags; what it takes of the parts is gone then, too.
 */
struct generation *generation_new(struct broker *b,
	    const struct broker_settings *set,
	    const struct generation_parts *parts, struct errbuf *e);

void	generation_hold(struct generation *g);

/* Give a reference back.  NULL is fine. */
void	generation_release(struct generation *g);

/* Free those that nobody holds: at the end of a turn, when b->unheld says that
 * there are some. */
void	generations_reap(struct broker *b);

/* The broker ends: free all.  Their handlers end the requests that hold them. */
void	generations_clear(struct generations *all);

/* The handler of a topic's route, the route itself (NULL when there are none
 * at all) and what it found.  NULL when no route matches. */
struct handler *generation_route(const struct generation *g,
	    struct slice topic, const struct route **route,
	    struct route_attrs *attrs);

size_t	generation_count_routes(const struct generation *g);

/* Tell its handlers that a session came; those of all, that one goes. */
void	generation_tell_opened(const struct generation *g,
	    struct session *s);
void	generations_tell_closed(const struct generations *all,
	    struct session *s);
