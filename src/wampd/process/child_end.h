/*
 * child_end.h: our end of a pipe or socket to a child, as the loop sees it.
 */
#pragma once

#include <uv.h>

#include "base/records.h"

struct end {
	uv_poll_t      poll;	/* its data is the child */
	int	       fd;	/* -1: closed */
	struct records lines;	/* of stdout and stderr */
};

/* Takes fd.  0, or an error of libuv's. */
int	end_open(struct end *e, uv_loop_t *loop, int fd, void *child);

/* Close it unless it is; on_closed is called for the handle. */
void	end_close(struct end *e, uv_close_cb on_closed);

/* Read what a child has left behind when it ended, up to a bound. */
void	end_read_rest(struct end *e);
