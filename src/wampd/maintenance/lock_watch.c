/*
 * lock_watch.c: Oro's lock file, and what others do to it.
 */
#include "wampd/maintenance/lock_watch.h"

#include <stddef.h>

#include "base/lock_file.h"

enum lock_change
lock_watch_look(struct lock_watch *w)
{
	int exists = w->path != NULL ? lock_file_exists(w->path) : -1;

	if (exists == -1 || (exists == 1) == w->is) {
		w->differs = false;
		return LOCK_SAME;
	}
	if (!w->differs) {
		w->differs = true;
		return LOCK_SAME;
	}
	w->differs = false;
	w->is = exists == 1;
	return w->is ? LOCK_MADE : LOCK_REMOVED;
}

void
lock_watch_begin(struct lock_watch *w, bool on)
{
	w->is = on;
	w->differs = true;
}

int
lock_watch_follow(struct lock_watch *w, bool on, struct errbuf *e)
{
	int rc;

	if (w->path == NULL)
		return 0;
	rc = lock_file_set(w->path, on, e);
	w->is = lock_file_exists(w->path) == 1;
	w->differs = false;
	return rc == -1 ? -1 : 0;
}
