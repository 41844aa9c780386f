/*
 * lock_watch.h: Oro's lock file, and what others do to it.
 *
 * By looking, not by inotify: a folder that several machines share tells of no
 * changes.  Each change is told once, and what we do ourselves is none, so that
 * file and state cannot chase each other.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

#define LOCK_LOOK	500	/* ms from look to look */

struct lock_watch {
	const char *path;	/* borrowed; NULL: there is none to watch */
	bool	    is;		/* whether it was there when last told */
	bool	    differs;	/* the last look found that changed */
};

enum lock_change { LOCK_SAME, LOCK_MADE, LOCK_REMOVED };

/* A change is told when two looks in a row find it: Oro publishes right after
 * it has made the file, and its event knows the user. */
enum lock_change lock_watch_look(struct lock_watch *w);

/* From now on, with the state as it was restored: what the file has become
 * meanwhile counts with the first look. */
void	lock_watch_begin(struct lock_watch *w, bool on);

/* Make the file follow the state.  0, or -1 with *e filled: the file stays what
 * it is, and that is no change. */
int	lock_watch_follow(struct lock_watch *w, bool on, struct errbuf *e);
