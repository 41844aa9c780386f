/*
 * proxy_header.c: the header of the PROXY protocol.
 */
#include "wampd/net/proxy_header.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/network.h"

/* ---- version 1: a line of text (section 2.1) ---- */

static const char v1_begin[] = "PROXY ";

/* Take the next word off the line; exactly one blank is behind it.  False if
 * there is none. */
static bool
next_word(struct slice *line, struct slice *word)
{
	const char *blank = memchr(line->p, ' ', line->len);
	size_t n = blank != NULL ? (size_t)(blank - line->p) : line->len;

	if (n == 0)
		return false;
	*word = slice_of(line->p, n);
	n += blank != NULL && n + 1 < line->len;
	*line = slice_of(line->p + n, line->len - n);
	return true;
}

/* A port, in decimal without needless zeros. */
static bool
read_port(struct slice word, in_port_t *out)
{
	unsigned port = 0;
	size_t i;

	if (word.len > 5 || (word.p[0] == '0' && word.len > 1))
		return false;
	for (i = 0; i < word.len; i++) {
		if (word.p[i] < '0' || word.p[i] > '9')
			return false;
		port = port * 10 + (unsigned)(word.p[i] - '0');
	}
	*out = htons((uint16_t)port);
	return port <= UINT16_MAX;
}

/* Read "SOURCE DESTINATION PORT PORT". */
static bool
read_v1_addresses(int family, struct slice line, struct address *from)
{
	struct slice word[4];
	struct in6_addr to;
	in_port_t port, to_port;
	size_t i;

	for (i = 0; i < 4; i++)
		if (!next_word(&line, &word[i]))
			return false;
	if (line.len > 0 || !network_read_ip(family, word[1], &to) ||
	    !read_port(word[2], &port) || !read_port(word[3], &to_port))
		return false;
	if (family == AF_INET) {
		from->u.in = (struct sockaddr_in){ .sin_port = port };
		from->u.sa.sa_family = AF_INET;
		return network_read_ip(family, word[0],
		    &from->u.in.sin_addr);
	}
	from->u.in6 = (struct sockaddr_in6){ .sin6_port = port };
	from->u.sa.sa_family = AF_INET6;
	return network_read_ip(family, word[0], &from->u.in6.sin6_addr);
}

/* Read the line without its end.  What is behind UNKNOWN is to be ignored. */
static bool
read_v1_line(struct slice line, struct address *from)
{
	struct slice word, rest = slice_of(line.p + sizeof(v1_begin) - 1,
	    line.len - (sizeof(v1_begin) - 1));

	if (!next_word(&rest, &word))
		return false;
	if (slice_eq(word, SLICE("TCP4")))
		return read_v1_addresses(AF_INET, rest, from);
	if (slice_eq(word, SLICE("TCP6")))
		return read_v1_addresses(AF_INET6, rest, from);
	return slice_eq(word, SLICE("UNKNOWN"));
}

static enum proxy_header_got
read_v1(struct slice in, struct proxy_header *out)
{
	size_t most = in.len < PROXY_HEADER_V1_MAX ? in.len :
	    PROXY_HEADER_V1_MAX;
	const char *end = memchr(in.p, '\n', most);

	if (end == NULL && in.len < PROXY_HEADER_V1_MAX)
		return PROXY_HEADER_MORE;
	if (end == NULL) {
		out->fault = "its line is longer than 107 bytes";
		return PROXY_HEADER_BAD;
	}
	out->len = (size_t)(end + 1 - in.p);
	if (end[-1] == '\r' && out->len >= sizeof(v1_begin) + 1 &&
	    read_v1_line(slice_of(in.p, out->len - 2), &out->from))
		return PROXY_HEADER_DONE;
	out->fault = "its line is malformed";
	return PROXY_HEADER_BAD;
}

/* ---- version 2: binary (section 2.2) ---- */

static const char v2_begin[12] = "\r\n\r\n\0\r\nQUIT\n";

#define V2_VERSION	0x20	/* with the command: one byte */
#define V2_LOCAL	0x20
#define V2_PROXY	0x21
#define V2_TCP4		0x11	/* family and transport: one byte */
#define V2_TCP6		0x21
#define V2_UNIX		0x31
#define V2_FAMILIES	0x30	/* the last family */
#define V2_TRANSPORTS	0x02	/* the last transport */
#define V2_TLV_HEAD	3	/* bytes: type and length */
#define V2_CRC32C	0x03	/* a type */

static unsigned
get16(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

/* CRC32c (RFC 9260 appendix A), four bits at a time.  n bytes that begin at
 * `hole` count as zeros. */
static uint32_t
crc32c(struct slice bytes, size_t hole, size_t n)
{
	static const uint32_t table[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};
	uint32_t crc = UINT32_MAX;
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		if (i < hole || i >= hole + n)
			crc ^= (unsigned char)bytes.p[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

/* Whether the values behind the addresses are whole, and the checksum is right
 * if it is among them.  Nothing else of them is used. */
static const char *
check_values(struct slice header, size_t at)
{
	const char *p;
	size_t n;

	for (; at < header.len; at += n) {
		p = header.p + at;
		if (header.len - at < V2_TLV_HEAD)
			return "a value is cut off";
		n = V2_TLV_HEAD + get16(p + 1);
		if (n > header.len - at)
			return "a value is cut off";
		if (p[0] != V2_CRC32C)
			continue;
		if (n != V2_TLV_HEAD + 4)
			return "its checksum does not have 4 bytes";
		if (crc32c(header, at + V2_TLV_HEAD, 4) !=
		    (get16(p + V2_TLV_HEAD) << 16 |
		    get16(p + V2_TLV_HEAD + 2)))
			return "its checksum is wrong";
	}
	return NULL;
}

/* How many bytes of addresses each family has. */
static const size_t v2_sizes[] = { 0, 12, 36, 216 };

static void
take_v2_address(unsigned kind, const char *p, struct address *from)
{
	switch (kind) {
	case V2_TCP4:
		from->u.in = (struct sockaddr_in){ .sin_family = AF_INET };
		memcpy(&from->u.in.sin_addr, p, 4);
		memcpy(&from->u.in.sin_port, p + 8, 2);
		break;
	case V2_TCP6:
		from->u.in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
		memcpy(&from->u.in6.sin6_addr, p, 16);
		memcpy(&from->u.in6.sin6_port, p + 32, 2);
		break;
	case V2_UNIX:
		from->u.sa.sa_family = AF_UNIX;
		break;
	default:
		break;		/* datagrams: as unknown */
	}
}

/* Read the header, which is complete. */
static const char *
read_v2_whole(struct slice header, struct address *from)
{
	unsigned command = (unsigned char)header.p[12];
	unsigned kind = (unsigned char)header.p[13];
	size_t size;

	if (command == V2_LOCAL)
		return NULL;	/* the rest is to be ignored */
	if (command != V2_PROXY)
		return "its command is unknown";
	if ((kind & 0xf0) > V2_FAMILIES || (kind & 0x0f) > V2_TRANSPORTS)
		return "its address family or transport is unknown";
	if (kind >> 4 == 0)
		return NULL;	/* likewise */
	size = PROXY_HEADER_V2_HEAD + v2_sizes[kind >> 4];
	if (header.len < size)
		return "it is too short for its addresses";
	take_v2_address(kind, header.p + PROXY_HEADER_V2_HEAD, from);
	return check_values(header, size);
}

static enum proxy_header_got
read_v2(struct slice in, struct proxy_header *out)
{
	size_t len;

	if (in.len > sizeof(v2_begin) &&
	    ((unsigned char)in.p[12] & 0xf0) != V2_VERSION) {
		out->fault = "its version is not 2";
		return PROXY_HEADER_BAD;
	}
	if (in.len < PROXY_HEADER_V2_HEAD)
		return PROXY_HEADER_MORE;
	len = PROXY_HEADER_V2_HEAD + get16(in.p + 14);
	if (len > PROXY_HEADER_V2_MAX) {
		out->fault = "it is longer than 4112 bytes";
		return PROXY_HEADER_BAD;
	}
	if (in.len < len)
		return PROXY_HEADER_MORE;
	out->len = len;
	out->fault = read_v2_whole(slice_of(in.p, len), &out->from);
	return out->fault == NULL ? PROXY_HEADER_DONE : PROXY_HEADER_BAD;
}

/* ---- both ---- */

/* Whether the input begins so, as far as it goes. */
static bool
begins(struct slice in, const char *text, size_t n)
{
	return memcmp(in.p, text, in.len < n ? in.len : n) == 0;
}

enum proxy_header_got
proxy_header_read(struct slice in, struct proxy_header *out)
{
	size_t n = sizeof(v1_begin) - 1;

	*out = (struct proxy_header){ .from.u.sa.sa_family = AF_UNSPEC };
	if (in.len == 0)
		return PROXY_HEADER_MORE;
	if (begins(in, v1_begin, n))
		return in.len < n ? PROXY_HEADER_MORE : read_v1(in, out);
	n = sizeof(v2_begin);
	if (begins(in, v2_begin, n))
		return in.len < n ? PROXY_HEADER_MORE : read_v2(in, out);
	return PROXY_HEADER_NONE;
}
