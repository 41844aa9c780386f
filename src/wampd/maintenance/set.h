/*
 * set.h: turning maintenance on or off, or planning it, as a caller asks.
 */
#pragma once

#include <stdint.h>

#include "proto/notice.h"

struct maintenance;
struct maintenance_warnings;
struct reply_to;

/*
 * Turn maintenance on or off.  The call is answered once the topic's handler
 * has decided: {"changed":…,"isOn":…,"delivered":…,"wasOn":…}.
 * "unsaved":[reason,…] follows if the state could not be written, so that a
 * restart may undo it.
 *
 * If maintenance is on or off already, nothing is published; only its message,
 * its end and its user (unless that is null) become those of *n.  0, or -1 when
 * out of memory.
 */
int	maintenance_set(struct maintenance *m, const struct reply_to *to,
	    const struct notice *n);

/*
 * Plan that *n is published at that time, and announced at the times *warn.
 * The answer is that of maintenance_set().  If one of these times has passed,
 * the announcement is published at once, and the answer has "announced":true.
 * If the handler refuses it, nothing is planned.  0, or -1 when out of memory.
 */
int	maintenance_set_later(struct maintenance *m, const struct reply_to *to,
	    const struct notice *n, int64_t at,
	    const struct maintenance_warnings *warn);
