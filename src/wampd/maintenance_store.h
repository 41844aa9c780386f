/*
 * maintenance_store.h: what of the maintenance state survives a restart.
 *
 * A file of one line: [since, event], and while a start is planned
 * [since, event, at, planned event].
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/slice.h"

struct maintenance_kept {
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
	struct slice event;	/* len 0: there was none */
	int64_t	     at;	/* ms since 1970; 0: nothing is planned */
	struct slice planned;	/* an event */
};

/* The path in that folder into *path.  0, or -1 when out of memory. */
int	maintenance_store_path(struct buf *path, const char *folder);

/* 1 when something was kept: the slices point into *text; 0 when nothing was;
 * -1 with *e filled. */
int	maintenance_store_read(struct maintenance_kept *out, const char *path,
	    struct buf *text, struct errbuf *e);

/* Replace the file.  0, or -1 with *e filled. */
int	maintenance_store_write(const struct maintenance_kept *kept,
	    const char *path, struct errbuf *e);
