/*
 * child_nursery.h: the process that starts programs for the broker.
 *
 * The broker forks it while the broker is small.  A fork with thousands of
 * sessions would block the loop and keep their memory twice.  And a confined
 * broker can neither fork nor run programs.  The nursery does nothing but start
 * what it is told, and ends when the broker ends.
 *
 * A nursery may be killed.  Then the broker forks another one, or, if it is
 * confined, uses the spare one, which makes a new spare.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "wampd/process/privileges.h"

/* What it starts, with copies of these descriptors. */
enum child_nursery_what {
	NURSERY_KEEPER,		/* KEEPER_FDS; a child of the nursery */
	NURSERY_JQ,		/* a jq worker: socket and page; a child of the
				 * broker */
	NURSERY_SPARE,		/* a nursery: its socket; likewise */
};

struct child_nursery {
	struct child_nursery_end {
		pid_t pid;	/* 0: none */
		int   fd;	/* packets to it, if it runs */
	} now, spare;
	struct privileges whom;	/* that it becomes */
	bool confined;
};

/* Start it unless it runs.  0, or -1 with *e filled. */
int	child_nursery_open(struct child_nursery *n, struct errbuf *e);

/* The broker will be confined: have a spare one.  0, or -1 with *e filled. */
int	child_nursery_confine(struct child_nursery *n, struct errbuf *e);

/* Have it start that.  If pid is not NULL, it gets the id of the child of ours,
 * and the call waits until it is started; NULL for a keeper.  0 or an errno. */
int	child_nursery_order(struct child_nursery *n,
	    enum child_nursery_what what, const int *fd, pid_t *pid);

/* End it; its keepers live until their sockets are closed. */
void	child_nursery_close(struct child_nursery *n);
