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
#include "wampd/core/kept_file.h"
#include "wampd/maintenance/plan.h"

struct maintenance_kept {
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
	struct slice event;	/* len 0: there was none */
	int64_t	     at;	/* ms since 1970; 0: nothing is planned */
	struct slice planned;	/* the event to publish then */
	struct maintenance_warnings warn;	/* of that plan */
};

#define MAINTENANCE_STORE_FILE	"maintenance.json"

/* Read the file: KEPT_TEXT is a state, whose slices point into *text. */
enum kept_found maintenance_store_read(struct maintenance_kept *out,
	    const char *path, struct buf *text, struct errbuf *e);

/* Read a text of the file.  The slices of *out point into it. */
bool	maintenance_store_parse(struct maintenance_kept *out,
	    struct slice text);

/* Append what is to be in the file.  0, or -1 when out of memory. */
int	maintenance_store_text(struct buf *out,
	    const struct maintenance_kept *kept);
