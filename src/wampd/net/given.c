/*
 * given.c: listening sockets that another process has opened for us.
 */
#include "wampd/net/given.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "wampd/core/address.h"
#include "wampd/net/unix_socket.h"

#define FIRST	3		/* descriptor that the service manager passes */

/* ---- checking ---- */

static int
option(int fd, int name)
{
	int value;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) == 0 ? value :
	    -1;
}

static int
check_socket(int fd, sa_family_t *family, struct errbuf *e)
{
	struct sockaddr_storage a = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &len) == -1) {
		err_set(e, "descriptor %d is no socket", fd);
		return -1;
	}
	*family = a.ss_family;
	if (a.ss_family != AF_INET && a.ss_family != AF_INET6 &&
	    a.ss_family != AF_UNIX)
		err_set(e, "socket %d is neither of TCP nor a Unix socket",
		    fd);
	else if (option(fd, SO_TYPE) != SOCK_STREAM)
		err_set(e, "socket %d is not a stream (ListenStream=)", fd);
	else if (option(fd, SO_ACCEPTCONN) != 1)
		err_set(e, "socket %d does not listen (is it Accept=yes?)",
		    fd);
	else
		return 0;
	return -1;
}

/* Abstract sockets have no path, and fit no address. */
static void
read_path(struct given_socket *s)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sun);

	if (getsockname(s->fd, (struct sockaddr *)&sun, &len) == 0)
		memcpy(s->path, sun.sun_path, sizeof(s->path) - 1);
}

struct given_socket *
given_add(struct given *g, int fd, int lock, struct errbuf *e)
{
	struct given_socket *s = &g->v[g->n];
	sa_family_t family;
	int flags;

	if (g->n == GIVEN_MAX)
		err_set(e, "more than %d sockets are passed", GIVEN_MAX);
	else if (check_socket(fd, &family, e) == 0) {
		*s = (struct given_socket){ .fd = fd, .lock = lock };
		if (family == AF_UNIX)
			read_path(s);
		flags = fcntl(fd, F_GETFL);
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		g->n++;
		return s;
	}
	(void)close(fd);
	if (lock != -1)
		(void)close(lock);
	return NULL;
}

/* ---- the service manager ---- */

int
given_by_manager(struct given *g, struct errbuf *e)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	struct given_socket *s;
	int64_t whom, n;
	int i, rc = 0;

	/* The variables may be meant for the process that started us. */
	if (pid == NULL || fds == NULL)
		return 0;
	if (num_int(&whom, pid, 1, INT32_MAX, e) == -1) {
		err_wrap(e, "LISTEN_PID");
		return -1;
	}
	if (whom != getpid())
		return 0;
	if (num_int(&n, fds, 0, INT32_MAX - FIRST, e) == -1) {
		err_wrap(e, "LISTEN_FDS");
		return -1;
	}
	for (i = 0; rc == 0 && i < n; i++) {
		if ((s = given_add(g, FIRST + i, -1, e)) == NULL)
			rc = -1;
		else
			s->shared = true;
	}
	/* Programs that we start must not take them for theirs. */
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	if (rc == -1)
		err_wrap(e, "LISTEN_FDS");
	return rc;
}

/* ---- finding ---- */

static bool
is_same(const struct sockaddr *a, const struct sockaddr *b)
{
	const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;
	const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;

	if (a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET)
		return a4->sin_port != 0 && a4->sin_port == b4->sin_port &&
		    a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a->sa_family == AF_INET6 && a6->sin6_port != 0 &&
	    a6->sin6_port == b6->sin6_port &&
	    a6->sin6_scope_id == b6->sin6_scope_id &&
	    memcmp(&a6->sin6_addr, &b6->sin6_addr,
	    sizeof(a6->sin6_addr)) == 0;
}

struct given_socket *
given_find(struct given *g, const struct sockaddr *sa)
{
	struct given_socket *s;
	struct address here;

	for (s = g->v; s < g->v + g->n; s++) {
		if (s->fd == -1)
			continue;
		here = address_of_socket(s->fd);
		if (is_same(sa, &here.u.sa))
			return s;
	}
	return NULL;
}

struct given_socket *
given_find_path(struct given *g, const char *path)
{
	struct given_socket *s;
	struct stat st;
	bool there = lstat(path, &st) == 0;

	/* The other process may have another folder, so that its path is
	 * another one. */
	for (s = g->v; s < g->v + g->n; s++)
		if (s->fd != -1 && s->path[0] != '\0' &&
		    (s->ino == 0 ? strcmp(s->path, path) == 0 :
		    there && st.st_dev == s->dev && st.st_ino == s->ino))
			return s;
	return NULL;
}

struct given_socket *
given_find_text(struct given *g, const char *text, int64_t group)
{
	struct given_socket *s;

	for (s = g->v; s < g->v + g->n; s++)
		if (s->fd != -1 && strcmp(s->text, text) == 0 &&
		    (group == 0 || s->group == group))
			return s;
	return NULL;
}

/* ---- taking ---- */

int
given_take_fd(struct given_socket *s)
{
	int fd = s->fd;

	s->fd = -1;
	return fd;
}

struct unix_socket *
given_take_path(struct given_socket *s, const char *path, struct errbuf *e)
{
	int lock = s->lock;

	s->lock = -1;
	return unix_socket_adopt(path, given_take_fd(s), lock, e);
}

const struct given_socket *
given_left(const struct given *g)
{
	const struct given_socket *s;

	for (s = g->v; s < g->v + g->n; s++)
		if (s->fd != -1)
			return s;
	return NULL;
}

void
given_remove_left(struct given *g)
{
	struct given_socket *s;
	struct unix_socket *u;
	struct errbuf e;

	if (g == NULL)
		return;
	for (s = g->v; s < g->v + g->n; s++) {
		if (s->fd == -1 || s->ino == 0 ||
		    given_find_path(g, s->path) != s ||
		    (u = given_take_path(s, s->path, &e)) == NULL)
			continue;
		unix_socket_own(u);
		unix_socket_close(u);
	}
	given_clear(g);
}

void
given_clear(struct given *g)
{
	struct given_socket *s;

	if (g == NULL)
		return;
	for (s = g->v; s < g->v + g->n; s++) {
		if (s->fd != -1)
			(void)close(s->fd);
		if (s->lock != -1)
			(void)close(s->lock);
		s->fd = s->lock = -1;
	}
	g->n = 0;
}
