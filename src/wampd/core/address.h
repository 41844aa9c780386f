/*
 * address.h: the two ends of a socket.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/buf.h"

struct address {
	union {
		struct sockaddr	    sa;
		struct sockaddr_in  in;
		struct sockaddr_in6 in6;
	} u;			/* AF_UNSPEC: unknown */
};

/* The address of the peer; the address to which the socket is bound. */
struct address address_of_peer(int fd);
struct address address_of_socket(int fd);

/* Append "127.0.0.1:8080", "[::1]:8080", "unix" or "unknown"; without a port if
 * that is 0, because a proxy does not tell it: "127.0.0.1", "::1".  0 or -1. */
int	address_describe(const struct address *a, struct buf *out);

/* Whether it belongs to this machine: 127.0.0.0/8, ::1 or a Unix socket. */
bool	address_is_loopback(const struct address *a);
