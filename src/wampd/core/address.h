/*
 * address.h: the two ends of a socket.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "base/buf.h"

struct network;

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

#define ADDRESS_KEY_SIZE	9	/* bytes */

/* Fill key with what tells one client from another.  An address of IPv4 that is
 * mapped into IPv6 is one of IPv4; in IPv6, 64 bits are one client, because one
 * customer has that many.  Returns false for this machine and for an unknown
 * address; then all bytes are 0. */
bool	address_key(char key[ADDRESS_KEY_SIZE], const struct address *a);

/* The network that has only this address of the internet.  Returns whether it
 * is one. */
bool	address_network(const struct address *a, struct network *out);

/* Whether it belongs to this machine: 127.0.0.0/8, ::1 or a Unix socket. */
bool	address_is_loopback(const struct address *a);
