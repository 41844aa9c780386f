/*
 * state_parts.h: the state on disk of one broker, for the files of this folder
 * only.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/core/chore.h"
#include "wampd/core/keep.h"
#include "wampd/state/write.h"

struct broker;
struct tap;

struct state {
	struct broker *broker;	/* borrowed */
	struct tap *tap;	/* borrowed */
	struct buf folder;	/* owned, C string; likewise path, fresh */
	struct buf path;	/* of the log */
	struct buf fresh;	/* of the one that will replace it */
	int	   folder_fd;	/* locked; -1: not open */
	bool	   open;	/* changes are followed */

	struct buf more;	/* owned; records that are not in a batch yet */
	struct buf copy;	/* the same for the file that will replace the
				 * log */
	int64_t	   oldest;	/* ms of broker->now: of the oldest change that
				 * is not on disk; -1: all are */
	struct chore save;	/* putting it there */
	struct chore renew;	/* replacing a log that is too large */

	bool	   lost;	/* the log lacks records: replace it */
	uint64_t   least;	/* bytes that a log of what is kept took,
				 * when that was last known */
	bool	   walking;	/* a new log is being made */
	bool	   walked;	/* everything is in `copy` or the file */
	struct keep_walk walk;	/* if walking and not walked */

	struct write_job job;
	bool	   busy;	/* a thread has the job, */
	atomic_bool ended;	/* and has done it */
	unsigned   stale;	/* ends that the loop will tell too late */
	uint64_t   log_size;	/* of the log, after the last job */
};

/* ---- restoring (restore.c) ---- */

/* Read the log, and let the topics keep what is in it.  A damaged one is set
 * aside.  Memory may not suffice; that is logged. */
void	state_restore(struct state *s);
