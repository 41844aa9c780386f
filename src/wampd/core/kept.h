/*
 * kept.h: keeping accepted events, as their handlers and publishers say.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct broker;
struct publication;
struct topic;

/* As what the event of p is kept: see keep.h.  0: not at all. */
unsigned kept_as(const struct publication *p);

/*
 * Keep the event of p as that.  If it cannot be retained, retain nothing: an
 * older event must not be taken for the last one.  Publications that would
 * exceed limits.retained are refused before, so this concerns what handlers
 * publish.  Events that are not for all subscribers do not enter a history.
 */
void	kept_take(const struct publication *p, unsigned as);

/* Retain a copy of the event for later subscribers of t.  Nobody pays for it.
 * newline: a raw CR or LF may be in it.  Returns 0, or -1 when out of
 * memory. */
int	kept_retain(struct broker *b, struct topic *t, struct slice event,
	    bool newline);

/* An event that was published before. */
struct kept_before {
	struct slice json;
	bool	     newline;	/* a raw CR or LF is in it */
	uint64_t     number;	/* it had; 0: give it the next one */
	int64_t	     at;	/* ms since 1970 */
	int64_t	     until;	/* ms since 1970; 0: retained without end */
};

/* Keep it again, as far as there is room and memory, without asking the handler
 * or telling the keeper.  Returns as what it is kept. */
unsigned kept_again(struct broker *b, struct topic *t,
	    const struct kept_before *before, unsigned as);
