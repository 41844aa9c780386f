/*
 * ws_head.c: the head of a frame from a client.
 */
#include "wampd/net/ws_head.h"

/* What is wrong with the first byte, or NULL.  RSV1 marks a message, hence only
 * its first frame (RFC 7692 section 6). */
static inline const char *
fault_of_first(unsigned first, const struct ws_head_rules *r)
{
	unsigned opcode = first & WS_OPCODE;
	bool control = ws_is_control(opcode);

	if (opcode > WS_PONG || (opcode > WS_BINARY && !control))
		return "reserved opcode";
	if (first & WS_RESERVED)
		return "reserved bit is set";
	if ((first & WS_RSV1) && (!r->deflate || control || r->continues))
		return "RSV1 is set";
	if (control)
		return first & WS_FIN ? NULL : "fragmented control frame";
	if (opcode == WS_CONTINUATION && !r->continues)
		return "nothing to continue";
	if (opcode != WS_CONTINUATION && r->continues)
		return "message within a message";
	return NULL;
}

/* What is wrong with the second byte, or NULL. */
static inline const char *
fault_of_second(unsigned second, unsigned opcode)
{
	unsigned length = second & WS_LENGTH;

	if (!(second & WS_MASKED))
		return "frame is not masked";
	if (!ws_is_control(opcode))
		return NULL;
	if (length > WS_CONTROL_MAX)
		return "control frame is too long";
	if (opcode == WS_CLOSE && length == 1)
		return "close code is cut off";
	return NULL;
}

static enum ws_head_got
fail(struct ws_head *h, const char *fault)
{
	h->fault = fault;
	return WS_HEAD_FAULT;
}

/* The n bytes at p as a number. */
static uint64_t
big_endian(const unsigned char *p, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/*
 * The length in more bytes.  It must be in as few as possible, and the highest
 * bit must not be set (RFC 6455 section 5.2).  The first 6 of 8 bytes tell
 * already whether 2 would do.
 */
static enum ws_head_got
read_long(struct ws_head *h, const unsigned char *p, size_t n, size_t size)
{
	const char *not_minimal = "length in more bytes than it needs";

	h->size = 2 + size + WS_KEY_SIZE;
	if (size == 8 && n > 0 && p[0] & 0x80)
		return fail(h, "length with the highest bit");
	if (size == 8 && n >= 6 && big_endian(p, 6) == 0)
		return fail(h, not_minimal);
	if (n < size)
		return WS_HEAD_MORE;
	h->length = big_endian(p, size);
	if (h->length < WS_LENGTH_16)
		return fail(h, not_minimal);
	return WS_HEAD_LENGTH;
}

enum ws_head_got
ws_head_read(struct ws_head *h, const struct ws_head_rules *r, const char *p,
    size_t n)
{
	const unsigned char *at = (const unsigned char *)p;
	unsigned first, length;
	const char *fault;

	if (n == 0)
		return WS_HEAD_MORE;
	first = at[0];
	if ((fault = fault_of_first(first, r)) != NULL)
		return fail(h, fault);
	h->opcode = first & WS_OPCODE;
	h->fin = first & WS_FIN;
	h->rsv1 = first & WS_RSV1;
	if (n == 1)
		return WS_HEAD_MORE;
	if ((fault = fault_of_second(at[1], h->opcode)) != NULL)
		return fail(h, fault);
	length = at[1] & WS_LENGTH;
	if (length >= WS_LENGTH_16)
		return read_long(h, at + 2, n - 2,
		    length == WS_LENGTH_16 ? 2 : 8);
	h->length = length;
	h->size = 2 + WS_KEY_SIZE;
	return WS_HEAD_LENGTH;
}
