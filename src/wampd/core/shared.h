/*
 * shared.h: what all handlers of one type share in a broker, such as processes
 * that work for all of them.
 */
#pragma once

#include <stdint.h>

struct broker;
struct handler_type;

/* The functions of a handler type for it; ctx is what make() returned. */
struct shared_ops {
	/* Make it, for the first handler of the type.  NULL when out of
	 * memory. */
	void   *(*make)(struct broker *b);

	/* Send the requests that have gathered.  Called at the end of each
	 * turn, even if the flush of the sessions is delayed. */
	void	(*flush)(void *ctx);

	/* Do what is due at broker->now.  Returns in how many ms the next thing
	 * is due, or -1 for never.  Called in each turn in which the sessions
	 * are flushed. */
	int64_t	(*tick)(void *ctx);

	/* The loop ends: close everything that the loop waits for.  All
	 * sessions are freed. */
	void	(*close)(void *ctx);

	/* The broker ends.  The handlers are not freed yet. */
	void	(*free)(void *ctx);
};

/* What the handlers of that type share, made if there is none.  NULL when out
 * of memory. */
void   *shared_obtain(struct broker *b, const struct handler_type *type);

/* The same, but NULL if there is none. */
void   *shared_find(const struct broker *b, const struct handler_type *type);

/* Call the function of all types; see struct shared_ops.  shared_tick() returns
 * the shortest wait. */
void	shared_flush(struct broker *b);
int64_t	shared_tick(struct broker *b);
void	shared_close(struct broker *b);
void	shared_free(struct broker *b);
