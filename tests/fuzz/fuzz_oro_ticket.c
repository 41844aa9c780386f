/*
 * fuzz_oro_ticket.c: any bytes as a ticket of Oro.  What is read lies in the
 * decoded text, is text where it must be, and has a time.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "base/when.h"
#include "fuzz.h"
#include "token/oro_ticket.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct buf mem = { 0 };
	struct oro_ticket t;
	const char *why = NULL;
	enum token_verdict v = oro_ticket_read(&t, text, &mem, &why);

	assert(v == TOKEN_OK || v == TOKEN_MALFORMED);
	assert((v == TOKEN_MALFORMED) == (why != NULL));
	assert(is_empty_or_within(t.user, buf_slice(&mem)));
	if (v == TOKEN_OK) {
		assert(is_within(t.digest, buf_slice(&mem)));
		assert(is_within(t.nonce, buf_slice(&mem)));
		assert(is_within(t.created, buf_slice(&mem)));
		assert(t.digest.len == ORO_DIGEST_SIZE);
		assert(t.nonce.len <= ORO_NONCE_MAX);
		assert(t.created.len <= ORO_CREATED_MAX);
		assert(utf8_valid(t.user));
		assert(memchr(t.user.p, ';', t.user.len) == NULL);
		assert(t.when >= 0 && t.when <= WHEN_MAX / 1000);
		assert(oro_ticket_check(&t, t.when, 0, 0) == TOKEN_OK);
	}
	buf_clear(&mem);
	return 0;
}
