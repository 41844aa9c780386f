/*
 * disk.h: the two files of the maintenance state: the one from which a restart
 * restores it, and Oro's lock file.
 *
 * A write that fails is tried again, and wampd.maintenance.get reports it until
 * it succeeds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/core/chore.h"
#include "wampd/core/kept_file.h"
#include "wampd/maintenance/lock.h"
#include "wampd/maintenance/store.h"

struct maintenance_disk {
	struct kept_file file;
	struct chore follow;	/* make or remove the lock file */
	struct maintenance_lock lock;
};

/* lock is the path of the lock file, borrowed, or NULL. */
void	maintenance_disk_init(struct maintenance_disk *d, const char *lock);
void	maintenance_disk_clear(struct maintenance_disk *d);

/* Look for a state in the folder, without changing anything.  1 if there is
 * one: *out is filled and points into *text.  0 if there is none, or another
 * file, which is logged.  -1 with *e filled if the file cannot be read. */
int	maintenance_disk_restore(struct maintenance_disk *d,
	    const char *folder, struct maintenance_kept *out,
	    struct buf *text, struct errbuf *e);

/* Another process has both files from now on. */
void	maintenance_disk_leave(struct maintenance_disk *d);

/* Write what is due: the state *kept, and the lock file if maintenance is
 * on. */
void	maintenance_disk_put(struct maintenance_disk *d,
	    const struct maintenance_kept *kept, bool on, int64_t now);

/* In how many ms something is due; -1 if nothing is. */
int64_t	maintenance_disk_wait(const struct maintenance_disk *d, int64_t now);

/* Append ,"unsaved":[reason,...] if a write has failed.  0 or -1. */
int	maintenance_disk_describe(const struct maintenance_disk *d,
	    struct buf *out);
