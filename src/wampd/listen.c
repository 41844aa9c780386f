/*
 * listen.c: listening sockets, plain and without a loop.
 */
#include "wampd/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/num.h"
#include "wampd/address.h"
#include "wampd/unix_socket.h"

#define SILENCE	10	/* seconds, see listen_at() */
#define WS_UNIX_MODE 0660

/* An address taken apart. */
struct where {
	char	host[256];	/* empty: all addresses */
	char	port[8];
};

static int
where_parse(struct where *w, const char *address, struct errbuf *e)
{
	const char *colon = strrchr(address, ':'), *host = address;
	struct errbuf inner;
	int64_t port;
	size_t len;

	if (colon == NULL || num_int(&port, colon + 1, 0, 65535,
	    &inner) == -1 || (address[0] == '[') != (colon > address &&
	    colon[-1] == ']')) {
		err_set(e, "\"%s\" is no address such as 127.0.0.1:8080, "
		    "[::1]:8080, *:8080, tls:*:8443 or unix:PATH", address);
		return -1;
	}
	len = (size_t)(colon - address);
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(w->host)) {
		err_set(e, "\"%s\" names no host; *:%s means all addresses",
		    address, colon + 1);
		return -1;
	}
	memcpy(w->host, host, len);
	w->host[len] = '\0';
	if (strcmp(w->host, "*") == 0)
		w->host[0] = '\0';
	/* Not as it was written: that may have any number of zeros. */
	(void)snprintf(w->port, sizeof(w->port), "%d", (int)port);
	return 0;
}

const char *
listen_target(const char *address, bool *tls)
{
	*tls = strncmp(address, "tls:", 4) == 0;
	return *tls ? address + 4 : address;
}

int
listen_check(const char *address, struct errbuf *e)
{
	struct where w;
	bool tls;

	address = listen_target(address, &tls);
	if (strncmp(address, "unix:", 5) != 0)
		return where_parse(&w, address, e);
	if (tls) {
		err_set(e, "TLS is for TCP, not for Unix sockets");
		return -1;
	}
	if (address[5] != '\0')
		return unix_socket_check(address + 5, e);
	err_set(e, "unix: needs a path");
	return -1;
}

static int
listen_at(const struct addrinfo *ai)
{
	int fd, on = 1, off = 0, silence = SILENCE;

	fd = socket(ai->ai_family, ai->ai_socktype | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, ai->ai_protocol);
	if (fd == -1)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (ai->ai_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
		    sizeof(off));
	/* Our peers speak first: who says nothing stays in the kernel, and
	 * takes no part in the bounded number of handshakes. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &silence,
	    sizeof(silence));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, LISTEN_BACKLOG) == 0)
		return fd;
	on = errno;
	(void)close(fd);
	errno = on;
	return -1;
}

static int
listen_tcp(const char *address, struct buf *bound, struct errbuf *e)
{
	struct addrinfo hints = {
		.ai_flags = AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list, *ai;
	struct address here;
	struct where w;
	int fd = -1, rc;

	if (where_parse(&w, address, e) == -1)
		return -1;
	/* "*": one IPv6 socket takes both families where there is IPv6. */
	hints.ai_family = w.host[0] == '\0' ? AF_INET6 : AF_UNSPEC;
	rc = getaddrinfo(w.host[0] ? w.host : NULL, w.port, &hints, &list);
	if (rc != 0) {
		err_set(e, "cannot listen on %s: %s", address,
		    gai_strerror(rc));
		return -1;
	}
	for (ai = list; ai != NULL && fd == -1; ai = ai->ai_next)
		fd = listen_at(ai);
	freeaddrinfo(list);
	if (fd == -1 && w.host[0] == '\0' && errno == EAFNOSUPPORT) {
		(void)snprintf(w.host, sizeof(w.host), "0.0.0.0:%s", w.port);
		return listen_tcp(w.host, bound, e);
	}
	if (fd == -1) {
		err_set_errno(e, "cannot listen on %s", address);
		return -1;
	}
	here = address_of_socket(fd);
	if (address_describe(&here, bound) == -1) {
		err_set(e, "out of memory");
		(void)close(fd);
		return -1;
	}
	return fd;
}

int
listen_open(const char *address, struct unix_socket **path, struct buf *bound,
    struct errbuf *e)
{
	*path = NULL;
	if (strncmp(address, "unix:", 5) != 0)
		return listen_tcp(address, bound, e);
	*path = unix_socket_open(address + 5, WS_UNIX_MODE, (gid_t)-1, e);
	if (*path == NULL)
		return -1;
	if (buf_add_str(bound, address) == -1) {
		err_set(e, "out of memory");
		unix_socket_close(*path);
		*path = NULL;
		return -1;
	}
	return unix_socket_take_fd(*path);
}
