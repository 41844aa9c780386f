/*
 * listing.h: answers that are long lists, made in pieces, one per turn.
 *
 * A list of all sessions may have megabytes.  It is still one answer, because
 * that is what callers want, but it is made in pieces so that others need not
 * wait.  The caller is not read until the list is complete.  An item that is
 * there all the time is listed once.  An item that comes or goes in the
 * meantime may be listed or not.
 */
#pragma once

#include <stdint.h>
#include <sys/queue.h>

struct admin;
struct broker;
struct buf;
struct call;
struct generation;
struct session;

/* Items per turn, of all lists together.  There are fewer if there are many
 * prefix subscriptions, because each topic is compared with all of them. */
#define LISTING_PIECE	256

/* The items of a list, in an order that does not change.  The list holds the
 * generation with which it began. */
struct listing_kind {
	/* The first item, and the next one; or NULL. */
	const void *(*first)(const struct generation *g);
	const void *(*next)(const struct generation *g, const void *item);
	/* Append an item to the list.  0 or -1. */
	int	    (*describe)(struct broker *b, const void *item,
			struct buf *out);
};

struct listing;
TAILQ_HEAD(listings, listing);

/* Answer the call with a list.  It returns like the run() of a procedure; the
 * context must be struct admin.  kind is static. */
int	admin_listing_call(struct call *c, const struct listing_kind *kind);

/* How many items a turn may describe. */
long	admin_listing_piece(const struct broker *b);

/* Make the next piece of the lists.  Returns 0 if it must be called in the next
 * turn, or -1 if no list is left. */
int64_t	admin_listing_continue(struct admin *a);
