/*
 * child_spawn.h: starting a child: its pipes, command and environment.
 */
#pragma once

#include "base/err.h"
#include "route/declare.h"
#include "wampd/process/child_keeper.h"
#include "wampd/process/child_nursery.h"

/* Our ends: non-blocking descriptors, closed by the caller. */
struct child_ends {
	int in, out, err;	/* pipes */
	int control;		/* packets to and from its keeper */
};

/*
 * Have the nursery start the program; the nursery is started if it is not
 * running.  The program leads a session and a process group of its own, and
 * gets only its three pipes and the declared environment.  The keeper reports
 * whether it could be started.  0, or -1 with *e filled.
 */
int	child_spawn(struct child_ends *ours, struct child_nursery *n,
	    const struct declare_exec *what, struct errbuf *e);

/* Describe the end that the news report, which are not KEEPER_STARTED.  *how
 * holds "cannot start ..." before, and the reason afterwards. */
void	child_spawn_fate(struct errbuf *how,
	    const struct child_keeper_news *news);
