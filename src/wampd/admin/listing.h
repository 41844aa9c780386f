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

#include <sys/queue.h>

struct broker;
struct buf;
struct call;
struct session;

/* Items each turn, of all lists; less when there are many watches, which each
 * one is asked about. */
#define LISTING_PIECE	256

/* What is listed: things in an order that does not change. */
struct listing_kind {
	const void *(*first)(const struct broker *b);	/* NULL: none */
	const void *(*next)(const struct broker *b, const void *item);
	/* out ends with the list so far.  0 or -1. */
	int	    (*describe)(struct broker *b, const void *item,
			struct buf *out);
};

struct listing;
TAILQ_HEAD(listings, listing);

/* Answer the call with a list: as a procedure's run(). kind is static. */
int	listing_call(struct call *c, const struct listing_kind *kind);

/* Go on (broker_turn()). */
void	listings_continue(struct broker *b);

/* The item is about to leave its order; next comes behind it, or NULL. */
void	listings_pass(struct broker *b, const void *item, const void *next);

/* The caller goes, or the broker ends.  NULL is fine. */
void	listing_end(struct listing *l);
