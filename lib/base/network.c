/*
 * network.c: a range of IP addresses, as users write it.
 */
#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

#define MAPPED	96	/* bits of ::ffff:0:0, into which IPv4 is mapped */

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

unsigned
network_length(const struct network *n)
{
	return n->family == 4 ? 32 : 128;
}

struct network
network_of(const void *addr, unsigned family)
{
	struct network n = { .family = (uint8_t)family, .bits = 128 };

	if (family == 6 && memcmp(addr, mapped, sizeof(mapped)) == 0) {
		addr = (const uint8_t *)addr + sizeof(mapped);
		n.family = 4;
	}
	if (n.family == 4)
		n.bits = 32;
	memcpy(n.addr, addr, n.family == 4 ? 4 : 16);
	return n;
}

void
network_widen(struct network *n, unsigned bits)
{
	unsigned i = bits / 8;

	n->bits = (uint8_t)bits;
	if (i == sizeof(n->addr))
		return;
	n->addr[i] &= (uint8_t)(0xff00 >> bits % 8);
	memset(n->addr + i + 1, 0, sizeof(n->addr) - i - 1);
}

bool
network_holds(const struct network *n, const struct network *other)
{
	struct network wide = *other;

	if (n->family != other->family || n->bits > other->bits)
		return false;
	network_widen(&wide, n->bits);
	return memcmp(&wide, n, sizeof(wide)) == 0;
}

int
network_write(const struct network *n, struct buf *out)
{
	char text[INET6_ADDRSTRLEN];

	(void)inet_ntop(n->family == 4 ? AF_INET : AF_INET6, n->addr, text,
	    sizeof(text));
	return n->bits == network_length(n) ? buf_add_str(out, text) :
	    buf_addf(out, "%s/%u", text, n->bits);
}

/* ---- reading ---- */

/* The number of bits behind the slash, in decimal without needless zeros; -1 if
 * it is none, or more than most. */
static int
parse_bits(const char *text, int most)
{
	int bits = 0;
	size_t i;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 3; i++)
		bits = bits * 10 + (text[i] - '0');
	if (i == 0 || text[i] != '\0' || (i > 1 && text[0] == '0') ||
	    bits > most)
		return -1;
	return bits;
}

bool
network_read_ip(int family, struct slice text, void *out)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	return strlen(copy) == text.len && inet_pton(family, copy, out) == 1;
}

/* Read an address.  Returns its family, or 0. */
static unsigned
parse_address(uint8_t addr[16], struct slice text)
{
	if (network_read_ip(AF_INET, text, addr))
		return 4;
	return network_read_ip(AF_INET6, text, addr) ? 6 : 0;
}

/* Bits behind the mask are set: name the two networks that may be meant. */
static int
fail_host_bits(const struct network *wide, const struct network *one,
    const char *text, struct errbuf *e)
{
	struct buf names = { 0 };

	if (network_write(wide, &names) == -1 ||
	    buf_add_str(&names, ", or ") == -1 ||
	    network_write(one, &names) == -1 || buf_cstr(&names) == NULL)
		err_set(e, "out of memory");
	else
		err_set(e, "\"%s\" has bits behind its mask: write %s for "
		    "this one address", text, names.data);
	buf_clear(&names);
	return -1;
}

int
network_parse(struct network *n, const char *text, struct errbuf *e)
{
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	uint8_t addr[16];
	unsigned family = parse_address(addr, slice_of(text, len));
	struct network one;
	int bits, less;

	if (family == 0) {
		err_set(e, "\"%s\" is no address such as 192.0.2.1 or "
		    "2001:db8::1, and no network such as 192.0.2.0/24 or "
		    "2001:db8::/32", text);
		return -1;
	}
	*n = one = network_of(addr, family);
	if (slash == NULL)
		return 0;
	/* Of a mapped address, the first 96 bits are not counted. */
	less = family == 6 && n->family == 4 ? MAPPED : 0;
	bits = parse_bits(slash + 1, (int)network_length(n) + less);
	if (bits == -1) {
		err_set(e, "\"%s\": behind the slash, a number from %d to %d "
		    "must say how many bits all addresses share", text, less,
		    (int)network_length(n) + less);
		return -1;
	}
	if (bits < less) {
		err_set(e, "\"%s\" is a part of a mapped address: write "
		    "0.0.0.0/0 for all addresses of IPv4", text);
		return -1;
	}
	network_widen(n, (unsigned)(bits - less));
	return memcmp(n->addr, one.addr, sizeof(one.addr)) == 0 ? 0 :
	    fail_host_bits(n, &one, text, e);
}
