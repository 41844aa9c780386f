/*
 * keep_restore.h: keeping events again after a restart.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct broker;

/* An event that was kept. */
struct keep_record {
	struct slice topic;	/* URI */
	struct slice event;	/* JSON; a copy is made */
	uint64_t     number;	/* it had; topics->last_event is not lower.
				 * 0: give it the next one */
	int64_t	     at;	/* when it was published, ms since 1970 */
	int64_t	     until;	/* when it is not retained any more, ms since
				 * 1970; 0: never */
	unsigned     as;	/* KEEP_RETAINED, KEEP_HISTORY or both */
};

/* The reason if that is why. */
#define KEEP_TIME_UP	"its time is up"

/*
 * Keep an event again, before the broker listens.  The keeper is not told.  An
 * event of a history must come after the older ones.  Returns what the topic
 * keeps it as; that is less than the record has if its time is up, or if
 * handlers or limits do not allow it any more: then *e says why.
 */
unsigned keep_restore(struct broker *b, const struct keep_record *r,
	    struct errbuf *e);
