/*
 * listen.c: opening listening sockets, without a loop.
 */
#include "wampd/net/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/endpoint.h"
#include "wampd/core/address.h"
#include "wampd/net/given.h"
#include "wampd/net/unix_socket.h"

#define WS_UNIX_MODE 0660
#define FREE_PORT_TRIES	20	/* to find a port free on all addresses */

/* A socket for an address, which is not bound yet. */
static int
socket_for(const struct addrinfo *ai)
{
	int fd, on = 1, off = 0;

	fd = socket(ai->ai_family, ai->ai_socktype | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, ai->ai_protocol);
	if (fd == -1)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ai->ai_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
		    sizeof(off));
	/* Accepted sockets inherit it. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* A port that the kernel has chosen is lost when the socket stops listening for
 * a while, see listeners_rest().  It stays if it is bound by its number.  Both
 * sockets may have the port, as long as none listens.  Takes fd. */
static int
bind_by_number(int fd, const struct addrinfo *ai)
{
	struct address a = address_of_socket(fd);
	int again = socket_for(ai);

	if (again != -1 && bind(again, &a.u.sa, ai->ai_addrlen) == 0) {
		(void)close(fd);
		return again;
	}
	if (again != -1)
		(void)close(again);
	return fd;
}

static bool
has_port(const struct addrinfo *ai)
{
	return ai->ai_family == AF_INET6 ?
	    ((const struct sockaddr_in6 *)ai->ai_addr)->sin6_port != 0 :
	    ((const struct sockaddr_in *)ai->ai_addr)->sin_port != 0;
}

static int
take_given(struct listen_sockets *l, struct given_socket *s)
{
	l->shared[l->n] = s->shared;
	return given_take_fd(s);
}

static int
listen_at(struct listen_sockets *l, const struct addrinfo *ai)
{
	struct given_socket *given;
	int error, fd;

	if (l->given != NULL &&
	    (given = given_find(l->given, ai->ai_addr)) != NULL)
		return take_given(l, given);
	if ((fd = socket_for(ai)) == -1)
		return -1;
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0) {
		if (!has_port(ai))
			fd = bind_by_number(fd, ai);
		if (l->probe || listen(fd, SOCKET_BACKLOG) == 0)
			return fd;
	}
	error = errno;
	(void)close(fd);
	errno = error;
	return -1;
}

void
listen_close(struct listen_sockets *l)
{
	while (l->n > 0)
		(void)close(l->fds[--l->n]);
	unix_socket_close(l->path);
	l->path = NULL;
}

/* Listen on "*": one IPv6 socket takes both families, if there is IPv6. */
static int
listen_everywhere(struct listen_sockets *l, const char *port)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
	    .sin6_port = htons((uint16_t)atoi(port)) };
	struct sockaddr_in in = { .sin_family = AF_INET,
	    .sin_port = in6.sin6_port };
	struct addrinfo ai = { .ai_family = AF_INET6,
	    .ai_socktype = SOCK_STREAM, .ai_addrlen = sizeof(in6),
	    .ai_addr = (struct sockaddr *)&in6 };

	l->fds[0] = listen_at(l, &ai);
	if (l->fds[0] == -1 && errno == EAFNOSUPPORT) {
		ai.ai_family = AF_INET;
		ai.ai_addrlen = sizeof(in);
		ai.ai_addr = (struct sockaddr *)&in;
		l->fds[0] = listen_at(l, &ai);
	}
	l->n = l->fds[0] != -1;
	return l->n == 1 ? 0 : -1;
}

/* Use the port that the first socket got. */
static void
take_port(const struct addrinfo *ai, int fd)
{
	struct address a = address_of_socket(fd);
	in_port_t port = a.u.sa.sa_family == AF_INET6 ? a.u.in6.sin6_port :
	    a.u.in.sin_port;

	if (ai->ai_family == AF_INET6)
		((struct sockaddr_in6 *)ai->ai_addr)->sin6_port = port;
	else
		((struct sockaddr_in *)ai->ai_addr)->sin_port = port;
}

/* Whether an earlier address is the same: a name may list it twice. */
static bool
is_repeated(const struct addrinfo *list, const struct addrinfo *ai)
{
	for (; list != ai; list = list->ai_next)
		if (list->ai_addrlen == ai->ai_addrlen &&
		    memcmp(list->ai_addr, ai->ai_addr, ai->ai_addrlen) == 0)
			return true;
	return false;
}

/* Listen on each address of a name.  An address that this machine does not have
 * is left out if there is another: "localhost" is also ::1 where IPv6 is off.
 * 0, or -1 with errno. */
static int
listen_on(struct listen_sockets *l, const struct addrinfo *list)
{
	const struct addrinfo *ai;
	int fd, error = 0;

	for (ai = list; ai != NULL; ai = ai->ai_next) {
		if (is_repeated(list, ai) || l->n == LISTEN_MAX)
			continue;
		if (l->n > 0)
			take_port(ai, l->fds[0]);
		if ((fd = listen_at(l, ai)) != -1) {
			l->fds[l->n++] = fd;
			continue;
		}
		error = errno;
		if (error != EADDRNOTAVAIL && error != EAFNOSUPPORT)
			break;
	}
	if (l->n > 0 && ai == NULL)
		return 0;
	listen_close(l);
	errno = error;
	return -1;
}

/* The free port of the first address may be in use on the second: try again. */
static int
listen_on_name(struct listen_sockets *l, const struct endpoint *at,
    struct errbuf *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	unsigned tries = strcmp(at->port, "0") == 0 ? FREE_PORT_TRIES : 1;
	struct addrinfo *list;
	int rc;

	do {
		rc = getaddrinfo(at->host, at->port, &hints, &list);
		if (rc != 0) {
			err_set(e, "cannot listen on %s: %s", at->text,
			    gai_strerror(rc));
			return -1;
		}
		rc = listen_on(l, list);
		freeaddrinfo(list);
	} while (rc == -1 && errno == EADDRINUSE && --tries > 0);
	if (rc == -1)
		err_set_errno(e, "cannot listen on %s", at->text);
	return rc;
}

static int
listen_tcp(struct listen_sockets *l, const struct endpoint *at,
    struct errbuf *e)
{
	if (at->host[0] != '\0')
		return listen_on_name(l, at, e);
	if (listen_everywhere(l, at->port) == 0)
		return 0;
	err_set_errno(e, "cannot listen on %s", at->text);
	return -1;
}

enum probed
listen_probe(const struct endpoint *at, struct errbuf *e)
{
	struct listen_sockets l = { .probe = true };

	if (at->path != NULL)
		return unix_socket_probe(at->path, e);
	errno = 0;
	if (listen_tcp(&l, at, e) == -1)
		return errno == EADDRINUSE ? PROBED_BUSY : PROBED_FAILS;
	listen_close(&l);
	return PROBED_FREE;
}

/* Take the sockets that another wampd has for the same text: with port 0, no
 * address tells which they are.  Whether there are any. */
static bool
take_same(struct listen_sockets *l, const char *text)
{
	struct given_socket *s;
	int64_t group = 0;

	while (l->n < LISTEN_MAX &&
	    (s = given_find_text(l->given, text, group)) != NULL) {
		group = s->group;
		l->shared[l->n] = s->shared;
		l->fds[l->n++] = given_take_fd(s);
	}
	return l->n > 0;
}

static struct unix_socket *
open_path(struct listen_sockets *l, const char *path, struct errbuf *e)
{
	struct given_socket *s = l->given == NULL ? NULL :
	    given_find_path(l->given, path);

	if (s == NULL)
		return unix_socket_open(path, WS_UNIX_MODE, (gid_t)-1, e);
	l->shared[0] = s->shared;
	return given_take_path(s, path, e);
}

int
listen_open(struct listen_sockets *l, const struct endpoint *at,
    struct given *given, struct errbuf *e)
{
	*l = (struct listen_sockets){ .given = given };
	if (at->path == NULL && given != NULL &&
	    strcmp(at->port, "0") == 0 && take_same(l, at->text))
		return 0;
	if (at->path == NULL)
		return listen_tcp(l, at, e);
	if ((l->path = open_path(l, at->path, e)) == NULL)
		return -1;
	l->fds[l->n++] = unix_socket_take_fd(l->path);
	return 0;
}

int
listen_take(struct listen_sockets *l, struct unix_socket **path, bool *shared)
{
	int fd = l->n > 0 ? l->fds[0] : -1;

	*path = l->path;
	*shared = l->shared[0];
	l->path = NULL;
	if (l->n > 0) {
		l->n--;
		memmove(l->fds, l->fds + 1, l->n * sizeof(l->fds[0]));
		memmove(l->shared, l->shared + 1,
		    l->n * sizeof(l->shared[0]));
	}
	return fd;
}

int
listen_describe(int fd, const struct endpoint *at, struct buf *out)
{
	struct address here = address_of_socket(fd);

	return at->path != NULL ? buf_add_str(out, at->text) :
	    address_describe(&here, out);
}
