/*
 * fuzz_wampd_deflate.c: any bytes as an offer of permessage-deflate, as a
 * compressed message, and as a message to compress.  The first byte says what
 * the rest is:
 *
 *	o	an offer
 *	m	a message to compress
 *	other	a compressed message
 *
 * What is decompressed is compared with zlib's own work in one call.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "wampd/net/deflate.h"
#include "wampd/net/deflate_offer.h"

#define LIMIT	(1u << 18)	/* bytes */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_offer(struct slice offer)
{
	struct deflate_terms terms;
	struct buf out = { 0 };

	if (!deflate_offer_read(offer, &terms))
		return;
	assert(memmem(offer.p, offer.len, "permessage-deflate", 18) != NULL);
	assert(terms.server_max_window_bits == (memmem(offer.p, offer.len,
	    "server_max_window_bits", 22) != NULL));
	assert(deflate_offer_answer(&terms, &out) == 0);
	assert(deflate_offer_read(buf_slice(&out), &terms));
	buf_clear(&out);
}

static void
try_message(struct deflate *d, struct slice in)
{
	struct buf packed = { 0 }, out = { 0 };

	if (deflate_message(d, in, &packed) == DEFLATE_OK) {
		assert(packed.len < in.len);
		assert(deflate_inflate(d, buf_slice(&packed), in.len, &out) ==
		    DEFLATE_OK);
		assert(slice_eq(buf_slice(&out), in));
	} else {
		assert(packed.len == 0);
	}
	buf_clear(&packed);
	buf_clear(&out);
}

/* What zlib makes of the message without a look at the blocks; NULL if that is
 * not known, as it has a last block. */
static char *
reference(struct slice in, size_t *len)
{
	static const unsigned char tail[] = { 0, 0, 0xff, 0xff };
	char *with_tail = malloc(in.len + 4), *out = malloc(LIMIT + 1);
	z_stream z = { .zalloc = NULL };
	int status;

	assert(with_tail != NULL && out != NULL);
	memcpy(with_tail, in.p, in.len);
	memcpy(with_tail + in.len, tail, sizeof(tail));
	assert(inflateInit2(&z, -15) == Z_OK);
	z.next_in = (Bytef *)with_tail;
	z.avail_in = (uInt)in.len + 4;
	z.next_out = (Bytef *)out;
	z.avail_out = LIMIT + 1;
	status = inflate(&z, Z_SYNC_FLUSH);
	*len = status == Z_OK ? z.total_out : 0;
	(void)inflateEnd(&z);
	free(with_tail);
	if (status != Z_STREAM_END)
		return out;
	free(out);
	return NULL;
}

static void
try_compressed(struct deflate *d, struct slice in)
{
	struct buf out = { 0 };
	enum deflate_result got = deflate_inflate(d, in, LIMIT, &out);
	size_t expected, len = out.len;
	char *whole = NULL;

	assert(out.cap <= LIMIT);
	assert(got != DEFLATE_NO_MEMORY && got != DEFLATE_NOT_SMALLER);
	if (in.len > 0)
		whole = reference(in, &expected);
	if (got != DEFLATE_OK) {
		assert(len == 0);
	} else if (whole != NULL) {
		assert(len == expected && (len == 0 ||
		    memcmp(out.data, whole, len) == 0));
	}
	/* The limit is exact, and the room as well. */
	if (got == DEFLATE_OK && len > 0) {
		buf_clear(&out);
		assert(deflate_inflate(d, in, len, &out) == DEFLATE_OK);
		assert(out.len == len && out.cap == len);
		buf_clear(&out);
		assert(deflate_inflate(d, in, len - 1, &out) ==
		    DEFLATE_TOO_BIG);
		assert(out.len == 0 && out.cap <= len - 1);
	}
	free(whole);
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct deflate *d;
	struct slice rest;

	if (d == NULL && (d = deflate_new()) == NULL)
		abort();
	if (size == 0)
		return 0;
	rest = slice_of((const char *)data + 1, size - 1);
	if (data[0] == 'o')
		try_offer(rest);
	else if (data[0] == 'm')
		try_message(d, rest);
	else
		try_compressed(d, rest);
	return 0;
}
