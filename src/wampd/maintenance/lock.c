/*
 * lock.c: Oro's lock file, which both Oro and the broker make and remove.
 */
#include "wampd/maintenance/lock.h"

#include <stddef.h>

#include "base/lock_file.h"

enum maintenance_lock_change
maintenance_lock_look(struct maintenance_lock *l)
{
	int exists = l->path != NULL ? lock_file_exists(l->path) : -1;

	if (exists == -1 || (exists == 1) == l->is) {
		l->differs = false;
		return LOCK_SAME;
	}
	if (!l->differs) {
		l->differs = true;
		return LOCK_SAME;
	}
	l->differs = false;
	l->is = exists == 1;
	return l->is ? LOCK_MADE : LOCK_REMOVED;
}

void
maintenance_lock_begin(struct maintenance_lock *l, bool on)
{
	l->is = on;
	l->differs = true;
}

int
maintenance_lock_follow(struct maintenance_lock *l, bool on,
    struct errbuf *e)
{
	int rc;

	if (l->path == NULL)
		return 0;
	rc = lock_file_set(l->path, on, e);
	l->is = lock_file_exists(l->path) == 1;
	l->differs = false;
	return rc == -1 ? -1 : 0;
}
