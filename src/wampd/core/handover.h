/*
 * handover.h: what one broker hands over to another one, as JSON.
 *
 *	{"kept":[[topic,event,at,until,as],…],"taps":{…}}
 *
 * Kept events are those that topics retain, and histories, see keep.h.  Events
 * of topics that a tap claims are the tap's.  A broker leaves out members that
 * it does not know, so that the other one may be of another version.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct broker;

/* Append it.  0, or -1 when out of memory. */
int	handover_write(struct broker *b, struct buf *out);

/* What to take over: a restart has read the other from its files. */
#define HANDOVER_KEPT	0x1u
#define HANDOVER_TAPS	0x2u

/* Take that over in a broker that does not listen yet.  An event that its
 * handlers or limits do not allow is left out, which is logged.  *events: how
 * many were taken.  0, or -1 with *e filled. */
int	handover_read(struct broker *b, struct slice json, unsigned what,
	    size_t *events, struct errbuf *e);
