/*
 * tally.h: what a session's PUBLISH and SUBSCRIBE messages came to, for
 * wampd.barrier: neither has a reply in WAMP v1.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/core/verdict.h"

struct session;

#define TALLY_REFUSALS_MAX	16	/* told of, of each kind */

struct refusal {
	uint64_t index;		/* of the PUBLISH, from 1; SUBSCRIBE: 0 */
	enum failure_kind kind;
	char	*topic;		/* owned JSON string */
	char	*reason;	/* owned */
};

/* The first that there were. */
struct refusals {
	struct refusal *v;	/* owned */
	size_t		n;	/* at most TALLY_REFUSALS_MAX */
};

struct tally {
	uint64_t sent;		/* PUBLISH messages, decided or not */
	uint64_t accepted;
	uint64_t refused;
	uint64_t delivered;
	uint64_t subscribe_refused;	/* SUBSCRIBE messages */
	struct refusals publish;	/* of refused */
	struct refusals subscribe;	/* of subscribe_refused */
};

/* Number one PUBLISH of s, from 1; 0 when out of memory. */
uint64_t tally_number(struct session *s);

/* Count one that was accepted, or refused: then 0, or -1 when out of memory. */
void	tally_accept(struct session *s, long delivered);
int	tally_refuse_publish(struct session *s, struct slice topic,
	    uint64_t index, const struct failure *f);

/* Count a SUBSCRIBE that was refused.  0 or -1. */
int	tally_refuse_subscribe(struct session *s, struct slice topic,
	    const struct failure *f);

/* Append what wampd.barrier answers to s.  0 or -1. */
int	tally_describe(const struct session *s, struct buf *out);
void	tally_reset(struct tally *t);
