/*
 * suggest.h: refusals of the server, with what was probably meant.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "client/client.h"

/* Ask wampd what the name was probably meant to be, and append it to the error.
 * This invalidates earlier answers. kind is "call", "publish" or
 * "subscribe". */
void	suggest_nearest(struct client *c, const char *kind,
	    struct slice name, struct errbuf *e);

/* Whether a topic looks like a pattern of other brokers and the server does not
 * accept it as such.  Use wamp-sub --prefix for that.  *stem is the part before
 * the first wildcard. */
bool	suggest_is_pattern(struct client *c, struct slice topic,
	    struct slice *stem);

/* Whether the description of an error, a JSON string, means that the procedure
 * does not exist. */
bool	suggest_is_no_procedure(struct slice desc);

/* "topic: error: reason, did you mean ...?" for an item of a barrier's list of
 * refusals, {"topic","error","reason"}; kind as for suggest_nearest().  The
 * item is invalid after this. false, and *e unchanged, if it is not such an
 * item. */
bool	suggest_refusal(struct client *c, const char *kind, struct slice item,
	    struct errbuf *e);

/* The refused subscriptions in a barrier's answer. */
struct refused {
	struct buf   text;	/* owned */
	struct slice rest;	/* of the list; in text */
	uint64_t     left;	/* refused, and not reported yet */
};

/* Read the answer, and borrow nothing from it.  0, or -1 when out of memory. */
int	refused_read(struct refused *r, struct slice answer);

/* The next one, as from suggest_refusal().  The last one also says how many are
 * not listed. */
bool	refused_next(struct refused *r, struct client *c, struct errbuf *e);

void	refused_clear(struct refused *r);
