/*
 * server_ports.h: the file that tells scripts where the broker listens.
 */
#pragma once

#include <sys/types.h>
#include <uv.h>

#include "base/err.h"
#include "base/slice.h"

struct server_ports {
	uv_timer_t   timer;	/* runs while a pipe has no reader */
	const char  *path;	/* borrowed */
	struct slice lines;	/* borrowed */
	dev_t	     dev;	/* of the file that was written */
	ino_t	     ino;	/* likewise; 0: none */
};

void	server_ports_init(struct server_ports *p, uv_loop_t *loop);

/* Write the lines to that path, which may be NULL.  If it is a pipe, they are
 * written later, when somebody reads from it.  Borrows path and lines.  0, or
 * -1 with *e filled. */
int	server_ports_write(struct server_ports *p, const char *path,
	    struct slice lines, struct errbuf *e);

/* Another process has the file from now on. */
void	server_ports_leave(struct server_ports *p);

/* Remove the file, unless it was replaced by another. */
void	server_ports_remove(struct server_ports *p);

/* Close the handle. */
void	server_ports_close(struct server_ports *p);
