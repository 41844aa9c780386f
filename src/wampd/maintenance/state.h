/*
 * state.h: the maintenance state in memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/notice.h"
#include "wampd/maintenance/disk.h"
#include "wampd/maintenance/plan.h"

struct maintenance {
	struct broker *broker;	/* borrowed */
	struct tap  *tap;	/* borrowed; NULL until it is added */
	char	    *texts;	/* owned: topic and lock file, which come from
				 * settings that a reload replaces */
	struct slice topic;	/* in texts */
	struct buf   event;	/* owned; the last one, or empty */
	struct notice is;	/* the contents of event, as slices of it */
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
	struct maintenance_plan plan;
	bool	     begun;	/* there was a tick */
	struct maintenance_disk disk;
};

/* Make one of its disk's chores due now. */
void	maintenance_state_mark(struct maintenance *m,
	    struct chore *c);

/* Make the event the state.  1, or 0 if the event is not a maintenance notice,
 * or -1 when out of memory. */
int	maintenance_state_take(struct maintenance *m, struct slice event);

/* Drop the plan. */
void	maintenance_state_drop_plan(struct maintenance *m);

/* Whether the lock file, if there is one, can be made or removed when
 * maintenance is turned on or off.  0, or -1 with *e filled. */
int	maintenance_state_check(const struct maintenance *m, bool on,
	    struct errbuf *e);

/* Append {"isOn":…,"userId":…,"since":…,"message":…,"until":…,"planned":…,
 * "topic":…}; planned is {"at":…,"event":…,"warn":[…]} or null.  If a write to
 * the disk has failed, "unsaved":[reason,…] follows.  0 or -1. */
int	maintenance_state_describe(const struct maintenance *m,
	    struct buf *out);

/* What is to be kept, which borrows from *m. */
struct maintenance_kept maintenance_state_kept(const struct maintenance *m);

/* Write to the disk what is due. */
void	maintenance_state_put(struct maintenance *m, int64_t now);
