/*
 * audience.h: which of a topic's subscribers an event is for.
 *
 * (subscribers - publisher - exclude) & eligible; each of the three as a flag
 * says.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

#define AUDIENCE_EXCLUDE_ME	0x1u	/* not the publisher */
#define AUDIENCE_EXCLUDE	0x2u	/* not those listed */
#define AUDIENCE_ELIGIBLE	0x4u	/* only those listed */

struct audience {
	unsigned	flags;
	struct slice	exclude;	/* for audience_next(); borrowed */
	struct slice	eligible;	/* the same */
};

/* The next session id of a list, which is the inside of a JSON array; *id is
 * borrowed from it or from scratch.  What is no id is passed over.  False: that
 * was all. */
bool	audience_next(struct slice *rest, struct slice *id,
	    struct buf *scratch);
