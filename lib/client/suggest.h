/*
 * suggest.h: what the server refused, and what was probably meant.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "client/client.h"

/* Append what the name was probably meant to be to an error, if the server
 * knows: wampd is asked, whose answers of before are not valid any more.  kind
 * is "call", "publish" or "subscribe". */
void	suggest_nearest(struct client *c, const char *kind,
	    struct slice name, struct errbuf *e);

/* Whether a topic was meant as a pattern, as others have them, and the server
 * takes it for a name that nobody has thought of: wamp-sub --prefix is for
 * such.  *stem is what stands before the first sign of it. */
bool	suggest_is_pattern(struct client *c, struct slice topic,
	    struct slice *stem);

/* Whether the description of an error, a JSON string, says that there is no
 * such procedure. */
bool	suggest_is_no_procedure(struct slice desc);

/* "topic: error: reason, did you mean ...?" of an item of a barrier's list of
 * refusals, {"topic","error","reason"}; kind as suggest_nearest() takes it.
 * The item is no more valid behind this.  false, and *e untouched, when it is
 * no such item. */
bool	suggest_refusal(struct client *c, const char *kind, struct slice item,
	    struct errbuf *e);

/* The subscriptions that wampd refused, of a barrier's answer. */
struct refused {
	struct buf   text;	/* owned */
	struct slice rest;	/* of the list; in text */
	uint64_t     left;	/* refused, and not told yet */
};

/* Read the answer, of which nothing is borrowed.  0, or -1 when out of
 * memory. */
int	refused_read(struct refused *r, struct slice answer);

/* The next one, as suggest_refusal() has it; the last that is listed also says
 * how many are not. */
bool	refused_next(struct refused *r, struct client *c, struct errbuf *e);

void	refused_clear(struct refused *r);
