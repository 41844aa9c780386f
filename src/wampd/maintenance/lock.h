/*
 * lock.h: Oro's lock file, which both Oro and the broker make and remove.
 *
 * The file is looked at every now and then.  inotify would not do: it reports
 * no changes that another machine makes in a shared folder.  A change by others
 * is reported once, and our own changes are not reported, so that file and
 * state cannot chase each other.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

#define MAINTENANCE_LOCK_LOOK	500	/* ms from look to look */

struct maintenance_lock {
	const char *path;	/* borrowed; NULL: there is none to watch */
	bool	    is;		/* it was there when last reported */
	bool	    differs;	/* the last look found that changed */
};

enum maintenance_lock_change { LOCK_SAME, LOCK_MADE, LOCK_REMOVED };

/* Look at the file.  A change is reported when two looks in a row find it: Oro
 * publishes right after it has made the file, and its event names the user. */
enum maintenance_lock_change maintenance_lock_look(struct maintenance_lock *l);

/* Begin to watch.  `on` is the state as it was restored; if the file disagrees,
 * the first look already reports that. */
void	maintenance_lock_begin(struct maintenance_lock *l, bool on);

/* Make or remove the file, as `on` says.  0, or -1 with *e filled; the file
 * then stays as it is, and that is not reported as a change. */
int	maintenance_lock_follow(struct maintenance_lock *l, bool on,
	    struct errbuf *e);
