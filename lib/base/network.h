/*
 * network.h: a range of IP addresses, as users write it.
 *
 * IPv4 and IPv6 are told apart.  An address of IPv4 that is mapped into IPv6
 * (::ffff:192.0.2.1) is one of IPv4, wherever it comes from.  So ::/0 holds
 * every address of IPv6, but none of IPv4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Bytes behind the first `bits` bits are zero, so that equal networks have
 * equal bytes; there is no padding. */
struct network {
	uint8_t	family;		/* 4 or 6 */
	uint8_t	bits;		/* that all its addresses share: 32 or 128 is
				 * one address */
	uint8_t	addr[16];	/* the lowest one, in the order of the network;
				 * IPv4 has the first four bytes */
};

/*
 * Read "192.0.2.1", "192.0.2.0/24", "2001:db8::1", "2001:db8::/32" or
 * "::ffff:192.0.2.0/120", which is 192.0.2.0/24.  Bits behind the mask must be
 * zero, because nobody can know whether 10.0.0.1/8 is meant as 10.0.0.0/8 or as
 * 10.0.0.1; the error names both.  0, or -1 with *e filled.
 */
int	network_parse(struct network *n, const char *text, struct errbuf *e);

/* Read an address of that family, AF_INET or AF_INET6, into the 4 or 16 bytes
 * at out.  Returns whether the whole text is one; otherwise, out is
 * undefined. */
bool	network_read_ip(int family, struct slice text, void *out);

/* The network of one address, which has 4 or 16 bytes. */
struct network network_of(const void *addr, unsigned family);

/* Make it larger: only that many bits are shared, at most n->bits. */
void	network_widen(struct network *n, unsigned bits);

/* How many bits an address of its family has. */
unsigned network_length(const struct network *n);

/* Whether the larger one holds all addresses of the other. */
bool	network_holds(const struct network *n, const struct network *other);

/* Append it in its shortest form, which network_parse() reads.  0, or -1 when
 * out of memory. */
int	network_write(const struct network *n, struct buf *out);
