/*
 * init.h: processes around the broker: the first one of a container, and the
 * one that a shell waits for.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/*
 * If this is process 1, as in a container, go on in a child.  Process 1 gets
 * all processes whose parents have ended, and must wait for them; and it has
 * signals that do nothing by default.  So it stays behind, waits for all
 * children, passes all signals on to the broker, and ends as that ends.  Call
 * it before anything is opened.  Whether we are such a child; false on failure,
 * too, which is logged.
 */
bool	init_begin(void);

/* Go on in a child, in the background.  The parent ends when the child writes
 * to *ready, or as the child ends.  0, or -1 with *e filled. */
int	init_background(int *ready, struct errbuf *e);
