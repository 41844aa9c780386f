/*
 * sendloop.c: the kernel's limit.  A child process replaces the server.  It
 * sends each line of the publisher to each subscriber with one send(), and does
 * nothing else that a broker does.
 */
#include "bench/bench.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/pool.h"

#define LOOP_RX		(128 * 1024)	/* bytes a receive, as in a broker */
#define LOOP_BACKLOG	4096

static enum exit_status
loop_listen(int *fd, struct server *s, struct errbuf *e)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(in);

	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd == -1 ||
	    bind(*fd, (struct sockaddr *)&in, sizeof(in)) == -1 ||
	    listen(*fd, LOOP_BACKLOG) == -1 ||
	    getsockname(*fd, (struct sockaddr *)&in, &len) == -1) {
		err_set_errno(e, "cannot listen on the loopback address");
		return EXIT_WORK;
	}
	server_init_port(s, ntohs(in.sin_port));
	return EXIT_DONE;
}

static int
loop_accept(int listener)
{
	const int on = 1;
	int fd;

	do
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (fd == -1 && errno == EINTR);
	if (fd != -1)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		    sizeof(on));
	return fd;
}

static int
loop_send(const int *fds, size_t n, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (send(fds[i], p, len, MSG_NOSIGNAL) != (ssize_t)len)
			return -1;
	return 0;
}

/* Repeat the publisher's lines until it closes; PUBLISH (7) becomes EVENT
 * (8). */
static int
loop_repeat(const int *fds, size_t n, int publisher, char *rx, size_t cap)
{
	size_t have = 0, line;
	char *at, *end;
	ssize_t got;

	while ((got = recv(publisher, rx + have, cap - have, 0)) > 0) {
		have += (size_t)got;
		for (at = rx; (end = memchr(at, '\n', have)) != NULL;
		    at = end + 1) {
			line = (size_t)(end + 1 - at);
			at[1] = '8';
			if (loop_send(fds, n, at, line) == -1)
				return -1;
			have -= line;
		}
		memmove(rx, at, have);
	}
	return got == 0 ? 0 : -1;
}

/* The child process.  It frees nothing: its end does that. */
static int
loop_serve(int listener, const struct bench *b)
{
	const size_t n = (size_t)b->clients;
	const size_t cap = LOOP_RX + 2 * (size_t)b->size;
	int *fds = calloc(n, sizeof(*fds)), publisher;
	char *rx = malloc(cap);
	struct errbuf unused;
	size_t i;

	if (fds == NULL || rx == NULL || pool_allow_files(n, &unused) == -1)
		return -1;
	for (i = 0; i < n; i++)
		if ((fds[i] = loop_accept(listener)) == -1)
			return -1;
	if ((publisher = loop_accept(listener)) == -1)
		return -1;
	return loop_repeat(fds, n, publisher, rx, cap);
}

/* Let the child run on the CPUs of the server of --pid, so that the figures can
 * be compared. */
static enum exit_status
loop_place(pid_t child, pid_t like, struct errbuf *e)
{
	cpu_set_t cpus;

	if (like == 0)
		return EXIT_DONE;
	if (sched_getaffinity(like, sizeof(cpus), &cpus) == 0 &&
	    sched_setaffinity(child, sizeof(cpus), &cpus) == 0)
		return EXIT_DONE;
	err_set_errno(e, "process %d", (int)like);
	return EXIT_WORK;
}

static enum exit_status
loop_fork(pid_t *child, int listener, const struct bench *b,
    struct errbuf *e)
{
	if ((*child = fork()) == -1) {
		err_set_errno(e, "fork");
		return EXIT_WORK;
	}
	if (*child != 0)
		return EXIT_DONE;
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	_exit(loop_serve(listener, b) == 0 ? EXIT_DONE : EXIT_WORK);
}

enum exit_status
bench_sendloop(struct bench *b, struct report *r, struct errbuf *e)
{
	pid_t like = (pid_t)b->pid, child = -1;
	enum exit_status st;
	int listener;

	if ((st = loop_listen(&listener, &b->server, e)) == EXIT_DONE &&
	    (st = loop_fork(&child, listener, b, e)) == EXIT_DONE &&
	    (st = loop_place(child, like, e)) == EXIT_DONE) {
		b->pid = child;
		b->topics = 1;		/* nobody subscribes here */
		st = bench_fan(b, r, e);
	}
	if (listener != -1)
		(void)close(listener);
	if (child != -1) {
		(void)kill(child, SIGTERM);
		(void)waitpid(child, NULL, 0);
	}
	return st;
}
