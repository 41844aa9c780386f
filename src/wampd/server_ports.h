/*
 * server_ports.h: the file that tells scripts where the broker listens.
 */
#pragma once

#include <sys/types.h>
#include <uv.h>

#include "base/err.h"
#include "base/slice.h"

struct server_ports {
	uv_timer_t   timer;	/* while a pipe waits for its reader */
	const char  *path;	/* borrowed */
	struct slice lines;	/* borrowed */
	dev_t	     dev;	/* of what was written; */
	ino_t	     ino;	/* 0: no file of ours */
};

void	server_ports_init(struct server_ports *p, uv_loop_t *loop);

/* Put the lines there; NULL: nowhere.  A pipe gets them once somebody reads
 * from it, which is not waited for; both are borrowed until then.  0 or -1. */
int	server_ports_write(struct server_ports *p, const char *path,
	    struct slice lines, struct errbuf *e);

/* Remove the file, unless it is another one's by now. */
void	server_ports_remove(struct server_ports *p);

/* Close the handle. */
void	server_ports_close(struct server_ports *p);
