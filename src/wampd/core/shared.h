/*
 * shared.h: what all handlers of one type have in common in a broker, such as
 * processes that work for all of them.
 */
#pragma once

#include <stdint.h>

struct broker;
struct handler_type;
struct shared;

/* What a handler type does with it; ctx is what make() returned. */
struct shared_ops {
	/* Made for the first handler of the type.  NULL when out of memory. */
	void   *(*make)(struct broker *b);

	/* Send off the work that has gathered.  Called at the end of each turn,
	 * also when the flush of the sessions is put off. */
	void	(*flush)(void *ctx);

	/* Do what is due at broker->now.  In how many ms the next thing is, or
	 * -1: nothing is.  Called each turn in which the sessions are
	 * flushed. */
	int64_t	(*tick)(void *ctx);

	/* The loop ends: close what it watches.  All sessions are gone. */
	void	(*close)(void *ctx);

	/* The broker ends; the handlers are still there. */
	void	(*free)(void *ctx);
};

/* What the handlers of that type share, made when there is none.  NULL when
 * out of memory. */
void   *shared_obtain(struct broker *b, const struct handler_type *type);

/* The same, or NULL when there is none. */
void   *shared_find(const struct broker *b, const struct handler_type *type);

/* Do it for all types; see struct shared_ops. */
void	shared_flush(struct broker *b);
int64_t	shared_tick(struct broker *b);
void	shared_close(struct broker *b);
void	shared_free(struct broker *b);
