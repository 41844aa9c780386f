/*
 * disk.h: what is on the disk of the maintenance state: the file in
 * which a restart finds it, and the lock file, by which Oro goes.
 *
 * Both are tried again when they fail, and what fails is told to whoever asks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/maintenance/chore.h"
#include "wampd/maintenance/lock_watch.h"
#include "wampd/maintenance/store.h"

struct maintenance_disk {
	struct buf	  path;		/* owned, C string; empty: no file */
	bool		  foreign;	/* what is there is not ours */
	struct chore	  tidy;		/* clear the file's place, once */
	struct chore	  save;		/* write the file */
	struct chore	  follow;	/* make or remove the lock file */
	struct lock_watch lock;
};

/* lock: the lock file's path, borrowed, or NULL. */
void	maintenance_disk_init(struct maintenance_disk *d, const char *lock);
void	maintenance_disk_clear(struct maintenance_disk *d);

/* Look for a state in the folder; nothing is changed.  1: *out is it, which
 * points into *text; 0: there is none, or something else, which is logged; -1
 * with *e filled when that cannot be known. */
int	maintenance_disk_restore(struct maintenance_disk *d,
	    const char *folder, struct maintenance_kept *out,
	    struct buf *text, struct errbuf *e);

/* Do what is due, where *kept is the state, and on says what it is. */
void	maintenance_disk_put(struct maintenance_disk *d,
	    const struct maintenance_kept *kept, bool on, int64_t now);

/* In how many ms something is due, or -1. */
int64_t	maintenance_disk_wait(const struct maintenance_disk *d, int64_t now);

/* Append ,"unsaved":[reason,...] if anything has failed.  0 or -1. */
int	maintenance_disk_describe(const struct maintenance_disk *d,
	    struct buf *out);
