/*
 * child_end.h: our end of a pipe or socket to a child, on the loop.
 */
#pragma once

#include <uv.h>

#include "base/records.h"

struct child_end {
	uv_poll_t      poll;	/* its data is the child */
	int	       fd;	/* -1: closed */
	struct records lines;	/* of stdout and stderr */
};

/* Watch fd, which it takes.  0, or an error of libuv. */
int	child_end_open(struct child_end *e, uv_loop_t *loop, int fd,
	    void *child);

/* Close it, if it is open; on_closed is called for the handle. */
void	child_end_close(struct child_end *e, uv_close_cb on_closed);

/* Read what the child wrote before it ended, up to a bound. */
void	child_end_read_rest(struct child_end *e);
