/*
 * ledger.h: what only some sessions have, so that the others don't pay for it:
 * a tally of what they published and whether that is to be retained,
 * attributes that handlers gave them, how fast they may publish, and requests
 * that are not decided yet.
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
#include "wampd/core/slow.h"
#include "wampd/core/tally.h"

struct session;

#define ATTRIBUTES_MAX	16384	/* bytes of a session's attributes */

/* What others than the core keep of a session.  They embed this. */
struct ledger_part {
	struct ledger_part *next;	/* ledger->parts */
	const void	  *owner;	/* it is found by that */
	/* The session ends; its attributes are still there.  The part is on
	 * no list any more. */
	void	(*leave)(struct ledger_part *part);
};

struct ledger {
	struct tally	    tally;
	struct buf	    attributes;	/* owned; a JSON object, or empty */
	uint32_t	    version; /* of these: how often they changed */
	struct rate	   *rates;	/* owned; nrates of them */
	size_t		    nrates;
	struct request_list requests;	/* not decided yet */
	struct ledger_part  *parts;	/* list; others' own */
	bool		    retain;	/* what it publishes, wampd.retain */
	uint64_t	    dropped;	/* events, by overflow: drop-* */
	struct slow_budget  budget;	/* of being slow */
	struct owed_list    owed;	/* answers that are being made */
	struct buf	    early;	/* owned; what it said while it was
					 * pending: receive.c */
	struct buf	    barriers;	/* owned; call ids with a newline
					 * behind each: they wait */
};

/* The session's, made when there is none.  NULL when out of memory. */
struct ledger *ledger_obtain(struct session *s);

/* The session ends: tell whoever keeps a part of it, or owes it an answer. */
void	ledger_leave(struct session *s);

/* Free it; requests and tally have been taken out. */
void	ledger_free(struct session *s);

/* The part that this owner keeps of the session, or NULL. */
struct ledger_part *ledger_find(const struct session *s, const void *owner);

/* Keep a part, of which owner and leave are set.  0, or -1 when out of
 * memory. */
int	ledger_keep(struct session *s, struct ledger_part *part);

/* The attributes as a JSON object; "{}" when there are none. */
struct slice ledger_attributes(const struct session *s);

/* Put the members of JSON objects, for json_next(), one behind the other over
 * the session's attributes; a member that is null goes.  0, or -1 when they
 * would be too large or memory is out: then nothing is changed. */
int	ledger_set_attributes(struct session *s, struct slice objects);
