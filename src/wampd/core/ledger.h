/*
 * ledger.h: the part of a session that only some sessions need.
 *
 * It is made when it is needed first, so that the other sessions stay small.
 * Sessions need it to publish with an acknowledgement, for attributes, for
 * rates, and for requests that are not decided yet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/owed.h"
#include "wampd/core/rate.h"
#include "wampd/core/request.h"
#include "wampd/core/session.h"
#include "wampd/core/slow.h"
#include "wampd/core/tally.h"
#include "wampd/core/throttle.h"

#define ATTRIBUTES_MAX	16384	/* bytes of a session's attributes */

/* What code outside of the core stores about a session.  It embeds this. */
struct ledger_part {
	struct ledger_part *next;	/* ledger->parts */
	const void	  *owner;	/* the key of ledger_find() */
	/* The session ends.  Its attributes are still there; the part is not
	 * on the list any more. */
	void	(*leave)(struct ledger_part *part);
};

struct ledger {
	struct tally	    tally;
	struct buf	    attributes;	/* owned; a JSON object, or empty */
	uint32_t	    version;	/* how often attributes changed */
	struct rate	   *rates;	/* owned; nrates of them */
	size_t		    nrates;
	struct request_list requests;	/* not decided yet */
	struct request_load load;	/* how many these are */
	struct ledger_part  *parts;	/* list; owned by their owners */
	bool		    retain;	/* retain its events: wampd.retain, */
	int64_t		    retain_for;	/* so long, in ms; 0: as long as their
					 * handlers say */
	uint64_t	    dropped;	/* events that it lost by overflow */
	struct slow_budget  budget;	/* how long it may be slow */
	struct throttle_bucket bucket;	/* how fast it may send */
	struct owed_list    owed;	/* answers that are being made */
	struct buf	    early;	/* owned; messages that came while it
					 * was pending, see receive.c */
	struct buf	    reason;	/* owned; why it is closed, if
					 * session->reason is not static */
	uint64_t	    kept;	/* saved->kept with its last event that
					 * is kept */
	struct buf	    barriers;	/* owned; call ids of the barriers that
					 * wait, each with a newline behind */
};

/* Make a ledger for s, which has none.  NULL when out of memory. */
struct ledger *ledger_new(struct session *s);

/* The ledger of s, made if there is none.  NULL when out of memory. */
static inline struct ledger *
ledger_obtain(struct session *s)
{
	return s->ledger != NULL ? s->ledger : ledger_new(s);
}

/* The session ends: call leave() for its parts, and forget() for the answers
 * that it is owed. */
void	ledger_leave(struct session *s);

/* Free the ledger of s, if it has one.  Its requests must have been forgotten
 * and its tally reset. */
void	ledger_free(struct session *s);

/* The part that this owner stores, or NULL. */
struct ledger_part *ledger_find(const struct session *s, const void *owner);

/* Store a part; its owner and leave are set.  Returns 0, or -1 when out of
 * memory. */
int	ledger_keep(struct session *s, struct ledger_part *part);

/* The attributes as a JSON object, "{}" if there are none.  Borrowed. */
struct slice ledger_attributes(const struct session *s);

/* Merge JSON objects into the session's attributes.  objects is a list of them
 * for json_next().  A member with the value null is removed.  Returns 0, or -1
 * when the attributes would exceed ATTRIBUTES_MAX or the session's account, or
 * when out of memory; then nothing is changed. */
int	ledger_set_attributes(struct session *s, struct slice objects);
