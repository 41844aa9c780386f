/*
 * audience.h: which of a topic's subscribers get an event.
 *
 * They are (subscribers - publisher - exclude) & eligible.  Each of these three
 * conditions applies only if its flag is set.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

#define AUDIENCE_EXCLUDE_ME	0x1u	/* not the publisher */
#define AUDIENCE_EXCLUDE	0x2u	/* not the sessions in exclude */
#define AUDIENCE_ELIGIBLE	0x4u	/* only the sessions in eligible */

struct audience {
	unsigned	flags;
	struct slice	exclude;	/* list for audience_next(); borrowed */
	struct slice	eligible;	/* the same */
};

/* Take the next session id off *rest, the text between the brackets of a JSON
 * array.  *id borrows from that text or from scratch.  Elements that are not
 * ids are skipped.  Returns false at the end of the list. */
bool	audience_next(struct slice *rest, struct slice *id,
	    struct buf *scratch);

/* All but the sessions of that list, instead of all but the publisher. */
static inline void
audience_exclude(struct audience *a, struct slice list)
{
	a->flags &= ~AUDIENCE_EXCLUDE_ME;
	a->flags |= AUDIENCE_EXCLUDE;
	a->exclude = list;
}
