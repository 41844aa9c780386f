/*
 * listing.h: answers that are long lists, made a piece a turn.
 *
 * One of all sessions may be megabytes.  The answer is one nevertheless, since
 * that is what whoever asks wants to have; only its making must not keep others
 * waiting.  The caller is not read from until it is made.  What comes or goes
 * meanwhile is in the list or not; whatever was there all the time is in it
 * once.
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

/* Items each turn, of all lists; less when there are many watches, which each
 * one is asked about. */
#define LISTING_PIECE	256

/* What is listed: things in an order that does not change.  The list holds the
 * generation with which it began. */
struct listing_kind {
	const void *(*first)(const struct generation *g);	/* NULL: none */
	const void *(*next)(const struct generation *g, const void *item);
	/* out ends with the list so far.  0 or -1. */
	int	    (*describe)(struct broker *b, const void *item,
			struct buf *out);
};

struct listing;
TAILQ_HEAD(listings, listing);

/* Answer the call with a list: as the run() of a procedure whose context is
 * struct admin.  kind is static. */
int	listing_call(struct call *c, const struct listing_kind *kind);

/* Go on with those of a.  In how many ms again: 0, or -1 when none is left. */
int64_t	listings_continue(struct admin *a);
