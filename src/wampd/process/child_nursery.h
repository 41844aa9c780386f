/*
 * child_nursery.h: the process that starts programs for the broker.
 *
 * It is a fork of the broker from when that was small: a fork of one with
 * thousands of sessions would hold the loop up, and keep their memory twice.
 * It forks a keeper for each program, and ends when the broker does.
 */
#pragma once

#include <sys/types.h>

#include "base/err.h"

struct nursery {
	pid_t pid;		/* 0: none yet */
	int   fd;		/* packets to it; if there is one */
};

/* Start it unless it runs.  0, or -1 with *e filled. */
int	nursery_open(struct nursery *n, struct errbuf *e);

/* Have it run a keeper with copies of these, KEEPER_FDS of them.  Never
 * blocks.  0 or an errno. */
int	nursery_send(struct nursery *n, const int *fd);

/* End it; its keepers go on until their sockets are closed. */
void	nursery_close(struct nursery *n);
