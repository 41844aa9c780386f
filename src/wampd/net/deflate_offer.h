/*
 * deflate_offer.h: agreeing on permessage-deflate in the handshake (RFC 7692
 * section 7.1).
 *
 * A client offers extensions in the order that it prefers.  The first offer
 * that is accepted here gives the answer.
 *
 * There is no context takeover in either direction, whether the client asks for
 * that or not: it would take 80 KiB for each session.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/* What the answer to an offer depends on. */
struct deflate_terms {
	bool server_max_window_bits;	/* the offer limits our window */
};

/*
 * Read an offer, such as "permessage-deflate; client_max_window_bits", which is
 * one element of Sec-WebSocket-Extensions.  False declines it: because it is
 * another extension, has a parameter that is unknown, invalid or given twice
 * (section 7.1), or limits our window to less than 2^DEFLATE_WINDOW_BITS bytes,
 * which is the window of the one compressed form that an event has.
 */
bool	deflate_offer_read(struct slice offer, struct deflate_terms *terms);

/* Append the answer to that offer.  Returns 0, or -1 when out of memory. */
int	deflate_offer_answer(const struct deflate_terms *terms,
	    struct buf *out);
