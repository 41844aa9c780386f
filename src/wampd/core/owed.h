/*
 * owed.h: an answer that takes several turns to make.
 *
 * The code that makes it embeds this.  A peer that sends nothing more stays
 * connected until it has got the answers that it is owed.
 */
#pragma once

#include <sys/queue.h>

struct owed {
	TAILQ_ENTRY(owed) link;		/* session->ledger->owed */
	/* The session ends: remove the link, and send no answer. */
	void	(*forget)(struct owed *o);
};

TAILQ_HEAD(owed_list, owed);
