/*
 * tally.h: the outcomes of a session's PUBLISH and SUBSCRIBE messages, which
 * wampd.barrier reports.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/verdict.h"

struct session;

#define TALLY_REFUSALS_MAX	16	/* reported for each kind of message */

struct tally_refusal {
	uint64_t index;		/* of the PUBLISH, from 1; SUBSCRIBE: 0 */
	enum failure_kind kind;
	char	*topic;		/* owned; a JSON string */
	char	*reason;	/* owned */
	size_t	 cost;		/* bytes, on the session's account */
};

/* The first refusals of one kind of message. */
struct tally_refusals {
	struct tally_refusal *v;	/* owned */
	size_t		      n;	/* at most TALLY_REFUSALS_MAX */
};

/* Counted since the last barrier. */
struct tally {
	uint64_t sent;		/* PUBLISH messages, decided or not */
	uint64_t accepted;	/* PUBLISH messages */
	uint64_t refused;	/* PUBLISH messages */
	uint64_t delivered;	/* deliveries of the accepted events */
	uint64_t subscribe_refused;	/* SUBSCRIBE messages */
	struct tally_refusals publish;		/* of refused */
	struct tally_refusals subscribe;	/* of subscribe_refused */
};

/* Count a PUBLISH of s.  Returns its number, from 1, or 0 when out of
 * memory. */
uint64_t tally_number(struct session *s);

/* Count a PUBLISH that was accepted.  delivered is how many sessions its event
 * was queued to. */
void	tally_accept(struct session *s, long delivered);

/* Count a PUBLISH that was refused.  index is its number.  Returns 0, or -1
 * when out of memory. */
int	tally_refuse_publish(struct session *s, struct slice topic,
	    uint64_t index, const struct failure *f);

/* Count a SUBSCRIBE that was refused.  Returns 0, or -1 when out of memory. */
int	tally_refuse_subscribe(struct session *s, struct slice topic,
	    const struct failure *f);

/* Append the answer of wampd.barrier to s.  Returns 0, or -1 when out of
 * memory. */
int	tally_describe(const struct session *s, struct buf *out);

/* Begin to count again.  s has a ledger. */
void	tally_reset(struct session *s);
