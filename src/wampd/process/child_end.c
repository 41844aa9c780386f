/*
 * child_end.c: our end of a pipe or socket to a child, on the loop.
 */
#include "wampd/process/child_end.h"

#include <unistd.h>

#include "base/err.h"

#define END_REST	16	/* reads after the child has ended */

int
child_end_open(struct child_end *e, uv_loop_t *loop, int fd, void *child)
{
	int rc;

	if ((rc = uv_poll_init(loop, &e->poll, fd)) != 0) {
		(void)close(fd);
		return rc;
	}
	e->fd = fd;
	e->poll.data = child;
	return 0;
}

void
child_end_close(struct child_end *e, uv_close_cb on_closed)
{
	if (e->fd == -1)
		return;
	uv_close((uv_handle_t *)&e->poll, on_closed);
	(void)close(e->fd);
	e->fd = -1;
}

/* It does not wait for the end of the pipe: a process that the keeper could not
 * kill may hold it open. */
void
child_end_read_rest(struct child_end *e)
{
	struct errbuf why;
	int i;

	for (i = 0; i < END_REST && !e->lines.eof; i++)
		if (records_read(&e->lines, &why) == -1)
			break;
	e->lines.eof = true;
}
