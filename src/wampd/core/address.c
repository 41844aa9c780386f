/*
 * address.c: the two ends of a socket.
 */
#include "wampd/core/address.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/network.h"

struct address
address_of_peer(int fd)
{
	struct address a = { .u.sa.sa_family = AF_UNSPEC };
	socklen_t len = sizeof(a.u);

	if (getpeername(fd, &a.u.sa, &len) == -1)
		a.u.sa.sa_family = AF_UNSPEC;
	return a;
}

struct address
address_of_socket(int fd)
{
	struct address a = { .u.sa.sa_family = AF_UNSPEC };
	socklen_t len = sizeof(a.u);

	if (getsockname(fd, &a.u.sa, &len) == -1)
		a.u.sa.sa_family = AF_UNSPEC;
	return a;
}

static int
describe(const char *host, unsigned port, bool brackets, struct buf *out)
{
	if (port == 0)
		return buf_add_str(out, host);
	return buf_addf(out, brackets ? "[%s]:%u" : "%s:%u", host, port);
}

int
address_describe(const struct address *a, struct buf *out)
{
	char text[INET6_ADDRSTRLEN];

	switch (a->u.sa.sa_family) {
	case AF_INET:
		(void)inet_ntop(AF_INET, &a->u.in.sin_addr, text,
		    sizeof(text));
		return describe(text, ntohs(a->u.in.sin_port), false, out);
	case AF_INET6:
		(void)inet_ntop(AF_INET6, &a->u.in6.sin6_addr, text,
		    sizeof(text));
		return describe(text, ntohs(a->u.in6.sin6_port), true, out);
	case AF_UNIX:
		return buf_add_str(out, "unix");
	default:
		return buf_add_str(out, "unknown");
	}
}

/* The first byte is the number of the others. */
bool
address_key(char key[ADDRESS_KEY_SIZE], const struct address *a)
{
	const unsigned char *v6 = a->u.in6.sin6_addr.s6_addr;

	memset(key, 0, ADDRESS_KEY_SIZE);
	if (address_is_loopback(a))
		return false;
	if (a->u.sa.sa_family == AF_INET) {
		key[0] = 4;
		memcpy(key + 1, &a->u.in.sin_addr, 4);
	} else if (a->u.sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_V4MAPPED(&a->u.in6.sin6_addr)) {
		key[0] = 4;
		memcpy(key + 1, v6 + 12, 4);
	} else if (a->u.sa.sa_family == AF_INET6) {
		key[0] = 8;
		memcpy(key + 1, v6, 8);
	}
	return key[0] != 0;
}

bool
address_network(const struct address *a, struct network *out)
{
	if (a->u.sa.sa_family == AF_INET)
		*out = network_of(&a->u.in.sin_addr, 4);
	else if (a->u.sa.sa_family == AF_INET6)
		*out = network_of(&a->u.in6.sin6_addr, 6);
	else
		return false;
	return true;
}

bool
address_is_loopback(const struct address *a)
{
	const struct in6_addr *v6 = &a->u.in6.sin6_addr;

	switch (a->u.sa.sa_family) {
	case AF_INET:
		return ntohl(a->u.in.sin_addr.s_addr) >> 24 == 127;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(v6) ||
		    (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == 127);
	default:
		return a->u.sa.sa_family == AF_UNIX;
	}
}
