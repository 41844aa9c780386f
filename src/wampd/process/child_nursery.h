/*
 * child_nursery.h: the process that starts programs for the broker.
 *
 * The broker forks it while the broker is small.  A fork with thousands of
 * sessions would block the loop and keep their memory twice.  The nursery forks
 * a keeper for each program, and ends when the broker ends.
 */
#pragma once

#include <sys/types.h>

#include "base/err.h"

struct child_nursery {
	pid_t pid;		/* 0: none yet */
	int   fd;		/* packets to it, if it runs */
};

/* Start it unless it runs.  0, or -1 with *e filled. */
int	child_nursery_open(struct child_nursery *n, struct errbuf *e);

/* Have it run a keeper with copies of these KEEPER_FDS descriptors.  Never
 * blocks.  0 or an errno. */
int	child_nursery_send(struct child_nursery *n, const int *fd);

/* End it; its keepers live until their sockets are closed. */
void	child_nursery_close(struct child_nursery *n);
