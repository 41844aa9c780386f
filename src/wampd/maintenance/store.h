/*
 * store.h: what of the maintenance state survives a restart.
 *
 * A file of one line: [since, event], and while a start is planned
 * [since, event, at, planned event], with [warning, ...] behind it where it is
 * to be announced.  What else is found in its place is never
 * overwritten.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/maintenance/plan.h"

struct maintenance_kept {
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
	struct slice event;	/* len 0: there was none */
	int64_t	     at;	/* ms since 1970; 0: nothing is planned */
	struct slice planned;	/* an event */
	struct plan_warnings warn;	/* of that plan */
};

/* The path in that folder into *path.  0, or -1 when out of memory. */
int	maintenance_store_path(struct buf *path, const char *folder);

enum store_found {
	STORE_NOTHING,
	STORE_STATE,		/* whose slices point into *text */
	STORE_FOREIGN,		/* something else, or damaged; *e: what */
	STORE_ERROR,		/* *e: why it cannot be known */
};

/* What there is; nothing is changed, nor waited for. */
enum store_found maintenance_store_read(struct maintenance_kept *out,
	    const char *path, struct buf *text, struct errbuf *e);

/* Rename what is there, which is not ours, to PATH.bad or PATH.bad-2 and so
 * on, and log it.  0, or -1 with *e filled. */
int	maintenance_store_set_aside(const char *path, struct errbuf *e);

/* Replace the file; what is no regular file is set aside first.  0, or -1 with
 * *e filled. */
int	maintenance_store_write(const struct maintenance_kept *kept,
	    const char *path, struct errbuf *e);
