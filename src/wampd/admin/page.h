/*
 * page.h: answers that are the first items of a long list, by a number.
 *
 * Who watches a broker with 100 000 sessions wants the busiest ones, and not
 * all of them each second.  The items are looked at in pieces, one per turn,
 * and only the best ones are kept and described.  The caller is not read until
 * then.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"

struct admin;
struct broker;
struct call;

/* Items per turn, of all pages together.  They are only looked at, which costs
 * less than to describe them; comparing texts costs more. */
#define PAGE_PIECE	2048
#define PAGE_PIECE_MATCH 512
#define PAGE_LIMIT	1000	/* items of a page; the default is 100 */

/* A number of an item, by which pages are sorted. */
struct page_key {
	const char *name;	/* "queued"; NULL ends a table */
	double	  (*read)(struct broker *b, const void *item);
};

/* The items of a list.  Each has a name, by which it is found again. */
struct page_kind {
	const struct page_key *keys;
	const void *(*first)(struct broker *b);
	const void *(*next)(const void *item);
	struct slice (*name)(const void *item);
	const void *(*find)(struct broker *b, struct slice name);
	/* Whether it belongs to the list.  NULL: all do. */
	bool	    (*wants)(const void *item);
	/* Whether it is a slow one.  NULL: there are none. */
	bool	    (*is_slow)(const void *item);
	/* Append the texts, with newlines between them, in which a caller
	 * searches.  0 or -1. */
	int	    (*texts)(const void *item, struct buf *out);
	/* Append it as JSON.  0 or -1. */
	int	    (*describe)(struct broker *b, const void *item,
			struct buf *out);
};

struct page;
TAILQ_HEAD(pages, page);

/* Whether the call has options, so that it wants a page. */
bool	admin_page_wanted(const struct call *c);

/* Answer the call with a page, as its options say: sort, order, limit, match
 * and slow, see wamp-control(7).  It returns like the run() of a procedure; the
 * context must be struct admin.  kind is static. */
int	admin_page_call(struct call *c, const struct page_kind *kind);

/* Make the next piece of the pages.  Returns 0 if it must be called in the next
 * turn, or -1 if no page is left. */
int64_t	admin_page_continue(struct admin *a);
