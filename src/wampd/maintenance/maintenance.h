/*
 * maintenance.h: the maintenance notice.
 *
 * The last event on the maintenance topic is the state, no matter who published
 * it: wamp-maint, Oro's own commands or a script (proto/notice.h describes the
 * event).  The broker retains it for later subscribers, and keeps it over a
 * restart if there is a state directory.  If the event says when maintenance
 * ends, the broker ends it then.  Maintenance that begins later is kept as a
 * plan, with the times at which it is announced.  The next event that turns
 * maintenance on or off drops the plan.
 *
 * Oro's lock file is kept in step in both directions.  A change of the state
 * makes or removes the file before anyone is told.  A change of the file that
 * lasts is published as an event.  Each change is acted upon once, so that file
 * and state cannot chase each other.
 *
 * The files, each of which calls only those above it:
 *
 *	plan.c		when maintenance begins, and when that is announced
 *	store.c		the file that survives a restart
 *	chore.c		a write that is tried again
 *	lock.c		Oro's lock file
 *	disk.c		both files
 *	state.c		the state in memory
 *	set.c		a caller turns maintenance on or off, or plans it
 *	calls.c		the procedures
 *	maintenance.c	what the broker does by itself
 */
#pragma once

#include "base/err.h"

struct broker;

/* Let b keep the maintenance state until it ends, and restore what an earlier
 * run has kept.  0, or -1 with *e filled if that cannot be read. */
int	maintenance_add(struct broker *b, struct errbuf *e);
