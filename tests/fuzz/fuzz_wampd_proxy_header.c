/*
 * fuzz_wampd_proxy_header.c: any bytes as a header of the PROXY protocol.  What
 * is found must not depend on what follows the header, or on how much of it
 * comes at a time, and it is bounded.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "wampd/net/proxy_header.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing but more bytes changes the answer, and a complete header is found as
 * soon as its last byte is there. */
static void
check_pieces(struct slice in, enum proxy_header_got want, size_t len)
{
	struct proxy_header h;
	enum proxy_header_got got = PROXY_HEADER_MORE;
	size_t i;

	for (i = 0; i <= in.len && got == PROXY_HEADER_MORE; i++)
		got = proxy_header_read(slice_of(in.p, i), &h);
	assert(got == want);
	if (got == PROXY_HEADER_DONE)
		assert(i - 1 == len && h.len == len);
	else if (got == PROXY_HEADER_MORE)
		assert(in.len < PROXY_HEADER_V2_MAX);
}

static void
check_address(const struct proxy_header *h)
{
	sa_family_t family = h->from.u.sa.sa_family;

	assert(family == AF_UNSPEC || family == AF_INET ||
	    family == AF_INET6 || family == AF_UNIX);
	assert(h->fault == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of((const char *)data, size);
	struct proxy_header h;
	enum proxy_header_got got = proxy_header_read(in, &h);

	if (got == PROXY_HEADER_DONE) {
		assert(h.len <= size && h.len <= PROXY_HEADER_V2_MAX);
		check_address(&h);
	}
	assert((got == PROXY_HEADER_BAD) == (h.fault != NULL));
	check_pieces(in, got, h.len);
	return 0;
}
