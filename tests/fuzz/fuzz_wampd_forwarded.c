/*
 * fuzz_wampd_forwarded.c: any fields of a proxy.  The first byte says whether
 * 192.0.2.0/24 is trusted, beside 10.0.0.0/8.
 *
 * Whatever a client has written, the last address of X-Forwarded-For is that of
 * our proxy: a further element of its own must be the one that is found.
 */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "fuzz.h"
#include "wampd/net/forwarded.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
trust(const void *arg, const struct address *a)
{
	const bool *documentation = arg;
	uint32_t v4 = ntohl(a->u.in.sin_addr.s_addr);

	return a->u.sa.sa_family == AF_INET && (v4 >> 24 == 10 ||
	    (*documentation && v4 >> 8 == 0xc00002));
}

/* The input as fields: control characters, and lines without a colon, would
 * have been refused before. */
static void
make_fields(struct buf *out, const uint8_t *data, size_t size)
{
	bool colon = false;
	size_t i;

	for (i = 0; i <= size; i++)
		if (i == size || data[i] == '\n') {
			(void)buf_add_str(out, colon ? "\r\n" : ":\r\n");
			colon = false;
		} else if (data[i] == '\t' || (data[i] >= ' ' &&
		    data[i] != 0x7f)) {
			(void)buf_add_char(out, (char)data[i]);
			colon |= data[i] == ':';
		}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf fields = { 0 };
	struct forwarded f;
	bool documentation;

	if (size == 0)
		return 0;
	documentation = data[0] & 1;
	make_fields(&fields, data + 1, size - 1);
	if (forwarded_read(buf_slice(&fields), trust, &documentation,
	    &f) == 0) {
		assert(is_empty_or_within(f.host, buf_slice(&fields)));
		assert(is_empty_or_within(f.proto, buf_slice(&fields)));
	}
	(void)buf_add_str(&fields, "X-Forwarded-For: 203.0.113.7\r\n");
	if (forwarded_read(buf_slice(&fields), trust, &documentation,
	    &f) == 0)
		assert(f.client.u.sa.sa_family == AF_INET6 ?
		    IN6_IS_ADDR_V4MAPPED(&f.client.u.in6.sin6_addr) :
		    f.client.u.in.sin_addr.s_addr == htonl(0xcb007107));
	buf_clear(&fields);
	return 0;
}
