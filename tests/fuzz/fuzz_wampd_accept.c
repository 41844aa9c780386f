/*
 * fuzz_wampd_accept.c: any Accept, in one field and in two.
 *
 * However it is written, a quality is between 0 and 1, the same list in one
 * field or in two means the same, and what comes behind a range of our own type
 * and version cannot change it.
 */
#include <assert.h>
#include <stdint.h>

#include "base/buf.h"
#include "wampd/net/http_accept.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct http_media text = { "text/plain", "version", "0.0.4" };

/* The input as the value of a field: control characters would have been
 * refused before. */
static void
add_field(struct buf *out, const char *before, const uint8_t *data,
    size_t size)
{
	size_t i;

	(void)buf_add_str(out, "Accept: ");
	(void)buf_add_str(out, before);
	for (i = 0; i < size; i++)
		if (data[i] == '\t' || (data[i] >= ' ' && data[i] != 0x7f))
			(void)buf_add_char(out, (char)data[i]);
	(void)buf_add_str(out, "\r\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one = { 0 }, two = { 0 };
	unsigned q;

	add_field(&one, "", data, size);
	q = http_accept(buf_slice(&one), &text);
	assert(q <= HTTP_ACCEPT_MOST);
	add_field(&two, "", data, size);
	(void)buf_add_str(&two, "Accept: image/png\r\n");
	assert(http_accept(buf_slice(&two), &text) == q);
	buf_reset(&one);
	add_field(&one, "text/plain;version=0.0.4;q=0.125,", data, size);
	assert(http_accept(buf_slice(&one), &text) == 125);
	buf_clear(&one);
	buf_clear(&two);
	return 0;
}
