/*
 * store.h: the file in which the maintenance state survives a restart.
 *
 * It has one line: [since, event].  While a start is planned, the line is
 * [since, event, at, planned event], and a fifth element lists the times at
 * which that is still to be announced.  A file with any other content is not
 * ours and is never overwritten.
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
	struct slice planned;	/* the event to publish then */
	struct maintenance_warnings warn;	/* of that plan */
};

/* Append the path of the file in that folder.  0, or -1 when out of memory. */
int	maintenance_store_path(struct buf *path, const char *folder);

enum maintenance_store_found {
	STORE_NOTHING,
	STORE_STATE,		/* its slices point into *text */
	STORE_FOREIGN,		/* another file or a damaged one, as *e says */
	STORE_ERROR,		/* unreadable, as *e says */
};

/* Read the file.  It is not changed, and nothing blocks. */
enum maintenance_store_found maintenance_store_read(
	    struct maintenance_kept *out, const char *path, struct buf *text,
	    struct errbuf *e);

/* Rename what is there to PATH.bad, PATH.bad-2 and so on, and log that.  0, or
 * -1 with *e filled. */
int	maintenance_store_set_aside(const char *path, struct errbuf *e);

/* Replace the file.  Anything but a regular file is set aside first.  0, or -1
 * with *e filled. */
int	maintenance_store_write(const struct maintenance_kept *kept,
	    const char *path, struct errbuf *e);
