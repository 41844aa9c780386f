/*
 * notes.h: events that wait until they are published.
 *
 * What happens is noted while messages are handled and sessions are freed.  The
 * events are published at the end of the turn, where sending is safe.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/watch.h"

#define NOTES_MAX	1024		/* that wait at a time */
#define NOTES_BYTES	(512u << 10)	/* of their text */
#define NOTES_KEEP	(16u << 10)	/* bytes that are kept for the next */

struct note {
	enum watch_topic what;
	size_t off, len;		/* of its text */
};

struct notes {
	struct buf  text;		/* owned: JSON objects */
	struct note v[NOTES_MAX];
	size_t	    n;
	uint64_t    number[WATCH_TOPICS];	/* of the last event */
	uint64_t    lost[WATCH_TOPICS];	/* events that were not made since
					 * then */
};

/* Begin an event: append the members that all have.  Returns whether there is
 * room.  Otherwise it counts as lost. */
bool	notes_begin(struct notes *n, enum watch_topic what, int64_t wall);

/* End it.  rc: 0, or -1 if appending to n->text has failed: then it is lost.
 * Returns whether it is there. */
bool	notes_end(struct notes *n, int rc);

/* Forget all, and free the memory. */
void	notes_clear(struct notes *n);
