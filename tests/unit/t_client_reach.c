/*
 * t_client_reach.c: the first address of several that answers.
 */
#include "client/reach.h"

#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include "base/clock.h"
#include "tap.h"

/* Addresses of this machine, in order. */
struct list {
	struct sockaddr_in addr[3];
	struct addrinfo	   ai[3];
	size_t		   n;
};

static void
list_add(struct list *l, const struct sockaddr_in *addr)
{
	struct addrinfo *ai = &l->ai[l->n];

	l->addr[l->n] = *addr;
	*ai = (struct addrinfo){ .ai_family = AF_INET,
	    .ai_socktype = SOCK_STREAM, .ai_addrlen = sizeof(*addr),
	    .ai_addr = (struct sockaddr *)&l->addr[l->n] };
	if (l->n > 0)
		l->ai[l->n - 1].ai_next = ai;
	l->n++;
}

/* A socket that has a free port.  While it does not listen, connections to it
 * are refused, and nobody else gets the port. */
static int
bound(struct sockaddr_in *at)
{
	socklen_t len = sizeof(*at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*at = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (bind(fd, (struct sockaddr *)at, len) == -1 ||
	    getsockname(fd, (struct sockaddr *)at, &len) == -1)
		tap_ok(false, "a socket has a port");
	return fd;
}

static int
listening(struct sockaddr_in *at, int backlog)
{
	int fd = bound(at);

	if (listen(fd, backlog) == -1)
		tap_ok(false, "a socket listens");
	return fd;
}

/* One that answers nobody any more: its queue is full. */
static void
silent(struct sockaddr_in *at, int fds[5])
{
	size_t i;

	fds[0] = listening(at, 0);
	for (i = 1; i < 5; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK |
		    SOCK_CLOEXEC, 0);
		(void)connect(fds[i], (struct sockaddr *)at, sizeof(*at));
	}
}

static void
check_found(struct list *l, const struct sockaddr_in *want, const char *what)
{
	struct reach_end end = { .until_ms = -1, .wake_fd = -1 };
	struct errbuf e = { "" };
	struct reach r;

	tap_int(reach_first(&r, l->ai, &end, &e), EXIT_DONE, "%s", what);
	tap_int(((struct sockaddr_in *)&r.addr)->sin_port, want->sin_port,
	    "%s: that one", what);
}

static void
check_given_up(struct list *l, int64_t until_ms, int wake_fd,
    enum exit_status want, const char *text)
{
	struct reach_end end = { .until_ms = until_ms, .wake_fd = wake_fd };
	struct errbuf e = { "" };
	struct reach r;

	tap_int(reach_first(&r, l->ai, &end, &e), want, "%s", text);
	tap_str(e.msg, text, "it says so");
	tap_int(end.woken, wake_fd != -1, "woken or not");
}

int
main(void)
{
	struct list refused = { .n = 0 }, second = { .n = 0 };
	struct list third = { .n = 0 }, nobody = { .n = 0 };
	struct sockaddr_in closed, open, quiet;
	int fds[5], pipe_fds[2], fd, closed_fd;
	size_t i;

	closed_fd = bound(&closed);
	fd = listening(&open, 5);
	silent(&quiet, fds);

	list_add(&second, &closed);
	list_add(&second, &open);
	check_found(&second, &open, "the second, when the first refuses");
	list_add(&third, &quiet);
	list_add(&third, &closed);
	list_add(&third, &open);
	check_found(&third, &open, "the third, while the first is silent");

	list_add(&refused, &closed);
	list_add(&refused, &closed);
	check_given_up(&refused, -1, -1, EXIT_CONNECT,
	    "cannot connect: Connection refused");
	list_add(&nobody, &quiet);
	list_add(&nobody, &closed);
	check_given_up(&nobody, clock_ms() + 20, -1, EXIT_TIMEOUT,
	    "timed out: no address answers");
	if (pipe(pipe_fds) == 0 && write(pipe_fds[1], "", 1) == 1)
		check_given_up(&nobody, -1, pipe_fds[0], EXIT_TIMEOUT,
		    "timed out: no address answers");

	(void)close(fd);
	(void)close(closed_fd);
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
	for (i = 0; i < 5; i++)
		(void)close(fds[i]);
	return tap_done();
}
