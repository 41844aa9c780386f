/*
 * child_parts.h: internals of child.c and children.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>
#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/process/child_end.h"
#include "wampd/process/child_nursery.h"

struct child_events;

struct child {
	LIST_ENTRY(child) link;		/* children->all */
	struct children *children;	/* borrowed */
	const struct child_events *events; /* borrowed; static */
	void	    *arg;		/* borrowed; passed to events */
	uv_timer_t   timer;		/* goes on after a pause, waits for
					 * the exit, or kills */
	struct child_end in, out, err;
	struct child_end control;	/* to its keeper; closed last */
	struct buf   waiting;		/* owned; for its stdin */
	size_t	     written;		/* bytes of waiting that are written */
	unsigned     handles;		/* not closed yet; freed at 0 */
	bool	     paused;
	bool	     exited;		/* or never ran */
	bool	     over;		/* the owner is told nothing more */
	bool	     killed;
	struct errbuf how;		/* how it exited; "cannot start ..."
					 * before that */
};

struct children {
	uv_loop_t *loop;		/* borrowed */
	struct child_nursery nursery;		/* starts them */
	LIST_HEAD(, child) all;		/* owned */
	size_t	   max_line;		/* bytes */
	bool	   closed;
};

/* It ends, as `how` says, which its owner is told. */
void	child_ended(struct child *c, const char *how);
