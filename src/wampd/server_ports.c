/*
 * server_ports.c: the file that tells scripts where the broker listens.
 */
#include "wampd/server_ports.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"

#define PAUSE	50	/* ms between looks for the reader of a pipe */

void
server_ports_init(struct server_ports *p, uv_loop_t *loop)
{
	(void)uv_timer_init(loop, &p->timer);
	p->timer.data = p;
}

static void
on_due(uv_timer_t *timer)
{
	struct server_ports *p = timer->data;
	struct errbuf e;
	int rc = io_offer_pipe(p->path, p->lines, &e);

	if (rc == -1)
		log_err("%s: %s", p->path, e.msg);
	if (rc != 0)
		(void)uv_timer_stop(timer);
}

int
server_ports_write(struct server_ports *p, const char *path,
    struct slice lines, struct errbuf *e)
{
	struct stat st;

	if (path == NULL)
		return 0;
	p->path = path;
	p->lines = lines;
	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode)) {
		(void)uv_timer_start(&p->timer, on_due, 0, PAUSE);
		return 0;
	}
	if (io_replace_file(path, lines, 0644, e) == -1) {
		err_wrap(e, "%s", path);
		return -1;
	}
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		p->dev = st.st_dev;
		p->ino = st.st_ino;
	}
	return 0;
}

void
server_ports_leave(struct server_ports *p)
{
	(void)uv_timer_stop(&p->timer);
	p->ino = 0;
}

/* A script that waits for the file must not find that of the last run. */
void
server_ports_remove(struct server_ports *p)
{
	struct stat st;

	(void)uv_timer_stop(&p->timer);
	if (p->ino != 0 && stat(p->path, &st) == 0 && st.st_dev == p->dev &&
	    st.st_ino == p->ino)
		(void)unlink(p->path);
	p->ino = 0;
}

void
server_ports_close(struct server_ports *p)
{
	uv_close((uv_handle_t *)&p->timer, NULL);
}
