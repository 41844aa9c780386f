/*
 * ws_reader.c: the frames of a WebSocket client.
 *
 * A frame that is a message of its own, or a control frame, and that is whole
 * in the input, stays there: read_whole().  Everything else goes through
 * struct ws_cut, byte by byte while it is a head, piece by piece while it is
 * payload: read_piece().  So a cut anywhere cannot change what is found.
 */
#include "wampd/net/ws_reader.h"

#include <stdlib.h>

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

/* The payload may be in the cut, and must be valid until the next call. */
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
	if (r->cut == NULL)
		end(r);
	else
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

/* Take the next frame if it is a message of its own, or a control frame, and
 * whole.  WS_GOT_MORE if it is anything else; then nothing was used. */
static enum ws_got
read_whole(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	const struct ws_head_rules place = { .deflate = rules->deflate };
	struct ws_head h;
	char *payload;
	bool ascii;

	if (ws_head_read(&h, &place, in->p, in->len) != WS_HEAD_LENGTH ||
	    in->len < h.size || in->len - h.size < h.length || !h.fin ||
	    (!ws_is_control(h.opcode) && h.length > rules->limit))
		return WS_GOT_MORE;
	payload = in->p + h.size;
	ascii = ws_unmask(payload, payload, h.length, payload - WS_KEY_SIZE, 0);
	in->p += h.size + h.length;
	in->len -= h.size + h.length;
	item->payload = slice_of(payload, h.length);
	if (ws_is_control(h.opcode))
		return got_control(r, h.opcode, item);
	item->binary = h.opcode == WS_BINARY;
	item->compressed = h.rsv1;
	if (!ascii && !h.rsv1 && !item->binary && !utf8_valid(item->payload))
		return not_utf8(r, item);
	return WS_GOT_MESSAGE;
}

/* The length of a frame is known: begin the message, or go on with it. */
static enum ws_got
begin_data(struct ws_cut *cut, uint64_t limit, struct ws_item *item)
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
		item->binary = cut->binary;
		item->compressed = cut->compressed;
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
			got = begin_data(cut, rules->limit, item);
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
	cut->in_message = false;
	if (cut->skips)
		return WS_GOT_MORE;
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

/* Go on with what was cut off, or begin what read_whole() did not take. */
static enum ws_got
read_piece(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	enum ws_got got;

	if (r->cut == NULL &&
	    (r->cut = calloc(1, sizeof(*r->cut))) == NULL)
		return no_memory(r);
	if (!r->cut->has_head) {
		got = read_head(r, rules, in, item);
		if (got != WS_GOT_MORE || !r->cut->has_head)
			return got;
	}
	return read_payload(r, in, item);
}

/* Let go of what is over.  It held the payload that was handed out last. */
static void
settle(struct ws_reader *r, struct ws_input *in)
{
	if (r->cut->ends) {
		end(r);
		if (in->len > 0)
			in->p += in->len;
		in->len = 0;
	} else if (!r->cut->in_message && r->cut->head_len == 0) {
		ws_reader_clear(r);
	}
}

enum ws_got
ws_reader_next(struct ws_reader *r, const struct ws_reader_rules *rules,
    struct ws_input *in, struct ws_item *item)
{
	enum ws_got got = WS_GOT_MORE;

	*item = (struct ws_item){ 0 };
	while (got == WS_GOT_MORE) {
		if (r->cut != NULL)
			settle(r, in);
		if (in->len == 0)
			break;
		if (r->cut == NULL)
			got = read_whole(r, rules, in, item);
		if (got == WS_GOT_MORE)
			got = read_piece(r, rules, in, item);
	}
	return got;
}
