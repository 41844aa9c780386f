/*
 * child_spawn.h: how a child is started: its pipes, words and environment.
 */
#pragma once

#include "base/err.h"
#include "route/declare.h"
#include "wampd/process/child_keeper.h"
#include "wampd/process/child_nursery.h"

/* Our ends: descriptors that do not block, closed by the caller. */
struct child_ends {
	int in, out, err;	/* pipes */
	int control;		/* packets to and from its keeper */
};

/*
 * Have the nursery, which is started if need be, start the program as leader
 * of a session and a process group of its own, with nothing but its three
 * pipes and the environment that is declared.  The keeper tells whether that
 * worked.  0, or -1 with *e filled.
 */
int	child_spawn(struct child_ends *ours, struct nursery *n,
	    const struct declare_exec *what, struct errbuf *e);

/* What has become of it, as news that are not KEEPER_STARTED have it.  *how
 * holds "cannot start ..." before, and the sentence afterwards. */
void	child_fate(struct errbuf *how, const struct keeper_news *news);
