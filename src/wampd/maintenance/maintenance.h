/*
 * maintenance.h: whether maintenance mode is on.
 *
 * The state is the last event on the maintenance topic, whoever published it
 * (wamp-maint, Oro's own commands, a script); proto/notice.h is its form.  The
 * broker keeps it, gives it to each later subscriber, and, when it has a state
 * directory, over a restart.  It ends itself when the event says until when
 * it lasts, and one that begins later is kept as a plan, with the times when
 * that is announced.  Any later on or off replaces what was planned.
 *
 * Oro's lock file is kept in step, in both directions: a change of the state
 * makes or removes it before anyone is told, and a change of the file that
 * lasts becomes an event.  Each change is acted upon once, so that file and
 * state cannot chase each other.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/notice.h"

struct broker;
struct maintenance;
struct plan_warnings;
struct reply_to;

/* Let b keep the state, until it ends; reads what an earlier run has kept.  0,
 * or -1 with *e filled when there is such a state and it cannot be read. */
int	maintenance_add(struct broker *b, struct errbuf *e);

bool	maintenance_is_on(const struct maintenance *m);

/* Whether the lock file, if there is one, can follow when it is turned on or
 * off.  0, or -1 with *e filled. */
int	maintenance_check(const struct maintenance *m, bool on,
	    struct errbuf *e);

/* Append {"isOn":…,"userId":…,"since":…,"message":…,"until":…,"planned":…,
 * "topic":…}; planned is {"at":…,"event":…,"warn":[…]} or null.  What could not
 * be put on the disk follows as "unsaved":[reason,…].  0 or -1. */
int	maintenance_describe(const struct maintenance *m, struct buf *out);

/*
 * Turn it on or off as a call asks, and answer the call once the
 * topic's handler has decided:
 * {"changed":…,"isOn":…,"delivered":…,"wasOn":…}, with "unsaved" as above: it
 * is so then, but may not be after a restart.  Nothing is published when
 * it is so already: then only its message, its user where there is one, and
 * its end become those of *n.  0, or -1 when out of memory.
 */
int	maintenance_set(struct maintenance *m, const struct reply_to *to,
	    const struct notice *n);

/* Let *n be published at that time, and announced before it; tell the caller
 * as above.  It is announced at once where one of these times has passed: then
 * the answer has "announced":true, and nothing is planned when the event is
 * refused.  0, or -1 when out of memory. */
int	maintenance_plan(struct maintenance *m, const struct reply_to *to,
	    const struct notice *n, int64_t at,
	    const struct plan_warnings *warn);
