/*
 * ws_reader.c: the frames of a WebSocket client.
 *
 * A message that is one frame, and whole in the input, stays there:
 * read_whole().  Everything else goes through struct ws_cut, byte by byte while
 * it is a head, piece by piece while it is payload: read_piece().  So what is
 * found does not depend on where the input is cut.
 */
#include "wampd/net/ws_reader.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "proto/close_code.h"
#include "wampd/net/ws_head.h"
#include "wampd/net/ws_mask.h"

/* What has come of a frame, and of the message that it is a part of. */
struct ws_cut {
	bool	 ends;		/* nothing more is read (RFC 6455 sections
				 * 5.5.1 and 7.1.7) */

	/* the frame */
	char	 head_bytes[WS_HEAD_MAX];
	size_t	 head_len;	/* how many of them have come */
	bool	 has_length;	/* head is set but for the key */
	bool	 has_head;	/* payload is next */
	struct ws_head head;
	uint64_t had;		/* bytes of its payload that have come */
	char	 control[WS_CONTROL_MAX]; /* payload, of a control frame */

	/* the message; control frames may come in between */
	bool	 in_message;
	bool	 binary;
	bool	 compressed;
	bool	 skips;		/* it is above the limit */
	uint64_t announced;	/* bytes, by its heads up to now */
	struct utf8_check text;
	struct buf payload;	/* owned */
};

/* That of all readers which read nothing more, and need not keep anything. */
static const struct ws_cut ended = { .ends = true };

static void
cut_free(struct ws_cut *cut)
{
	if (cut == NULL || cut == &ended)
		return;
	buf_clear(&cut->payload);
	free(cut);
}

void
ws_reader_clear(struct ws_reader *r)
{
	cut_free(r->cut);
	r->cut = NULL;
}

size_t
ws_reader_held(const struct ws_reader *r)
{
	return r->cut != NULL ? r->cut->payload.cap : 0;
}

void
ws_reader_skip(struct ws_reader *r)
{
	if (r->cut == NULL || r->cut == &ended)
		return;
	buf_clear(&r->cut->payload);
	r->cut->skips |= r->cut->in_message;
}

/* Nobody writes to a cut that ends, so that one may be shared. */
static void
end(struct ws_reader *r)
{
	cut_free(r->cut);
	r->cut = (struct ws_cut *)(uintptr_t)&ended;
}

static enum ws_got
no_memory(struct ws_reader *r)
{
	end(r);
	return WS_GOT_NO_MEMORY;
}

static enum ws_got
fault(struct ws_reader *r, struct ws_item *item, enum close_code code,
    const char *reason)
{
	end(r);
	*item = (struct ws_item){ .code = (uint16_t)code, .reason = reason };
	return WS_GOT_FAULT;
}

static enum ws_got
not_utf8(struct ws_reader *r, struct ws_item *item)
{
	return fault(r, item, CLOSE_INVALID, "text is not UTF-8");
}

/* The payload, which is in the cut, must be valid until the next call. */
static enum ws_got
got_close(struct ws_reader *r, struct ws_item *item)
{
	const unsigned char *p = (const unsigned char *)item->payload.p;
	size_t len = item->payload.len;
	unsigned code = len == 0 ? CLOSE_NO_STATUS : (unsigned)p[0] << 8 | p[1];

	if (len > 0 && !close_code_may_be_sent(code))
		return fault(r, item, CLOSE_PROTOCOL, "invalid close code");
	if (len > 2 && !utf8_valid(slice_of(item->payload.p + 2, len - 2)))
		return fault(r, item, CLOSE_INVALID,
		    "close reason is not UTF-8");
	item->code = (uint16_t)code;
	r->cut->ends = true;
	return WS_GOT_CLOSE;
}

static enum ws_got
got_control(struct ws_reader *r, unsigned opcode, struct ws_item *item)
{
	if (opcode == WS_CLOSE)
		return got_close(r, item);
	return opcode == WS_PING ? WS_GOT_PING : WS_GOT_PONG;
}

/* The length of 64 bits, or 0 if it is not there or not minimal. */
static size_t
length_64(const struct ws_input *in)
{
	uint64_t length;

	if (in->len < WS_HEAD_MAX)
		return 0;
	memcpy(&length, in->p + 2, sizeof(length));
	length = be64toh(length);
	return length > UINT16_MAX && length <= SIZE_MAX ? (size_t)length : 0;
}

/*
 * Take a whole message that is one frame, as nearly all are.  WS_GOT_MORE if
 * anything else comes, and then nothing is used: read_piece() says what it is.
 */
static inline enum ws_got
read_whole(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	const unsigned char *p = (const unsigned char *)in->p;
	size_t size = WS_HEAD_MIN, length;
	unsigned type;
	bool compressed, ascii;

	if (in->len < size)
		return WS_GOT_MORE;
	compressed = p[0] & WS_RSV1;
	type = p[0] & ~WS_RSV1;
	length = p[1] - WS_MASKED;	/* above all others without that bit */
	if ((type != (WS_FIN | WS_TEXT) && type != (WS_FIN | WS_BINARY)) ||
	    (compressed && !rules->deflate) || length > WS_LENGTH)
		return WS_GOT_MORE;
	if (length == WS_LENGTH_16) {
		size += 2;
		if ((length = (size_t)p[2] << 8 | p[3]) < WS_LENGTH_16)
			return WS_GOT_MORE;
	} else if (length == WS_LENGTH) {
		size = WS_HEAD_MAX;
		if ((length = length_64(in)) == 0)
			return WS_GOT_MORE;
	}
	if (length > rules->limit || length > in->len ||
	    in->len < size + length)
		return WS_GOT_MORE;
	*item = (struct ws_item){ .payload = slice_of(in->p + size, length),
	    .binary = type == (WS_FIN | WS_BINARY), .compressed = compressed };
	ascii = ws_unmask(in->p + size, in->p + size, length,
	    in->p + size - WS_KEY_SIZE, 0);
	in->p += size + length;
	in->len -= size + length;
	if (!ascii && !item->compressed && !item->binary &&
	    !utf8_valid(item->payload))
		return not_utf8(r, item);
	return WS_GOT_MESSAGE;
}

/* The length of a frame is known: begin the message, or go on with it. */
static enum ws_got
begin_data(struct ws_cut *cut, uint64_t limit)
{
	const struct ws_head *h = &cut->head;

	if (h->opcode != WS_CONTINUATION) {
		cut->in_message = true;
		cut->binary = h->opcode == WS_BINARY;
		cut->compressed = h->rsv1;
	}
	if (cut->skips)
		return WS_GOT_MORE;
	/* The limit may be lower than it was when the message began. */
	if (h->length > limit || cut->announced > limit - h->length) {
		cut->skips = true;
		buf_clear(&cut->payload);
		return WS_GOT_TOO_BIG;
	}
	cut->announced += h->length;
	return WS_GOT_MORE;
}

static enum ws_got
read_head(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	struct ws_cut *cut = r->cut;
	const struct ws_head_rules place = { .continues = cut->in_message,
	    .deflate = rules->deflate };
	enum ws_head_got found;
	enum ws_got got = WS_GOT_MORE;

	while (in->len > 0 && !cut->has_head && got == WS_GOT_MORE) {
		cut->head_bytes[cut->head_len++] = *in->p++;
		in->len--;
		if (cut->has_length) {
			cut->has_head = cut->head_len == cut->head.size;
			continue;
		}
		found = ws_head_read(&cut->head, &place, cut->head_bytes,
		    cut->head_len);
		if (found == WS_HEAD_FAULT)
			return fault(r, item, CLOSE_PROTOCOL, cut->head.fault);
		cut->has_length = found == WS_HEAD_LENGTH;
		if (cut->has_length && !ws_is_control(cut->head.opcode))
			got = begin_data(cut, rules->limit);
	}
	return got;
}

/* A piece of a message, which must not be above its limit. */
static enum ws_got
add_data(struct ws_reader *r, const struct ws_input *in, size_t n,
    const char *key, struct ws_item *item)
{
	struct ws_cut *cut = r->cut;
	char *to;
	bool ascii;

	if (n == 0)
		return WS_GOT_MORE;
	if (buf_reserve(&cut->payload, n) == -1)
		return no_memory(r);
	to = cut->payload.data + cut->payload.len;
	ascii = ws_unmask(to, in->p, n, key, cut->had);
	cut->payload.len += n;
	if (cut->binary || cut->compressed ||
	    (ascii && utf8_check_is_whole(&cut->text)))
		return WS_GOT_MORE;
	if (!utf8_check_add(&cut->text, slice_of(to, n)))
		return not_utf8(r, item);
	return WS_GOT_MORE;
}

/* The last byte of a data frame has come. */
static enum ws_got
end_data(struct ws_reader *r, struct ws_item *item)
{
	struct ws_cut *cut = r->cut;

	if (!cut->head.fin)
		return WS_GOT_MORE;
	if (cut->skips) {
		ws_reader_clear(r);
		return WS_GOT_MORE;
	}
	cut->in_message = false;
	if (!utf8_check_is_whole(&cut->text))
		return not_utf8(r, item);
	item->payload = buf_slice(&cut->payload);
	item->binary = cut->binary;
	item->compressed = cut->compressed;
	return WS_GOT_MESSAGE;
}

/* The next byte is that of another head. */
static enum ws_got
end_frame(struct ws_reader *r, struct ws_item *item)
{
	struct ws_cut *cut = r->cut;

	cut->head_len = 0;
	cut->has_length = false;
	cut->has_head = false;
	cut->had = 0;
	if (!ws_is_control(cut->head.opcode))
		return end_data(r, item);
	item->payload = slice_of(cut->control, (size_t)cut->head.length);
	return got_control(r, cut->head.opcode, item);
}

static enum ws_got
read_payload(struct ws_reader *r, struct ws_input *in, struct ws_item *item)
{
	struct ws_cut *cut = r->cut;
	const char *key = cut->head_bytes + cut->head.size - WS_KEY_SIZE;
	uint64_t left = cut->head.length - cut->had;
	size_t n = in->len < left ? in->len : (size_t)left;
	enum ws_got got;

	if (ws_is_control(cut->head.opcode))
		(void)ws_unmask(cut->control + cut->had, in->p, n, key,
		    cut->had);
	else if (!cut->skips && (got = add_data(r, in, n, key, item)) !=
	    WS_GOT_MORE)
		return got;
	in->p += n;
	in->len -= n;
	cut->had += n;
	return n < left ? WS_GOT_MORE : end_frame(r, item);
}

/* Whether the last item was its end.  It is kept for the item's payload. */
static bool
cut_is_over(const struct ws_cut *cut)
{
	return cut->ends || (!cut->in_message && cut->head_len == 0);
}

static void
drop_cut(struct ws_reader *r, struct ws_input *in)
{
	if (!r->cut->ends) {
		ws_reader_clear(r);
		return;
	}
	end(r);
	if (in->len > 0)
		in->p += in->len;
	in->len = 0;
}

/* Go on with what was cut off. */
static enum ws_got
read_piece(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	enum ws_got got;

	if (!r->cut->has_head) {
		got = read_head(r, rules, in, item);
		if (got != WS_GOT_MORE || !r->cut->has_head)
			return got;
	}
	return read_payload(r, in, item);
}

/* A step in anything but the usual case, out of the way of that. */
static __attribute__((noinline)) enum ws_got
read_on(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	*item = (struct ws_item){ 0 };
	if (r->cut != NULL && cut_is_over(r->cut)) {
		drop_cut(r, in);
		return WS_GOT_MORE;
	}
	if (in->len == 0)
		return WS_GOT_MORE;
	if (r->cut == NULL &&
	    (r->cut = calloc(1, sizeof(*r->cut))) == NULL)
		return no_memory(r);
	return read_piece(r, rules, in, item);
}

enum ws_got
ws_reader_next(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	enum ws_got got;

	do {
		if (r->cut == NULL &&
		    (got = read_whole(r, rules, in, item)) != WS_GOT_MORE)
			return got;
		got = read_on(r, rules, in, item);
	} while (got == WS_GOT_MORE && in->len > 0);
	return got;
}
