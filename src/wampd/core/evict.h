/*
 * evict.h: closing the sessions that take most memory of a kind.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct broker;
struct session;

struct eviction {
	/* How many bytes a session takes. */
	size_t	(*size)(const struct session *s);

	/* Whether all together still take too many. */
	bool	(*is_full)(void *ctx);

	/* Close the session, and free these bytes at once: sessions may share
	 * memory, so only that shows how much it was. */
	void	(*evict)(void *ctx, struct session *s);

	void	 *ctx;		/* borrowed */
};

/* Close open sessions while they take too many bytes, the largest first.  One
 * walk closes all that are about as large as the largest, because a walk for
 * each of them would take too long when there are many. */
void	evict_largest(struct broker *b, const struct eviction *by);
