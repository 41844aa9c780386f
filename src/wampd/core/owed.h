/*
 * owed.h: an answer that a session is still to get.
 *
 * Whoever makes it over several turns embeds this.  A peer that has said all
 * stays connected until nothing is owed to it; a session that ends calls
 * forget() for each.
 */
#pragma once

#include <sys/queue.h>

struct owed {
	TAILQ_ENTRY(owed) link;		/* session->ledger->owed */
	/* The session ends: take the link out and answer nobody. */
	void	(*forget)(struct owed *o);
};

TAILQ_HEAD(owed_list, owed);
