/*
 * frame.c: a finished outgoing message.
 */
#include "wampd/core/frame.h"

#include <stdlib.h>

#include "base/line.h"

#define WS_FIN		0x80	/* RFC 6455 section 5.2 */
#define WS_RSV1		0x40	/* compressed: RFC 7692 section 6 */
#define WS_TEXT		0x01
#define WS_HEADER_MAX	10	/* bytes, without a mask */
#define FRAME_MAX	0x3fffffffu	/* bytes of payload: both forms of it,
					 * and the sizes, must fit uint32_t */

/* Write the header, which begins with that byte, in front of the payload.
 * Returns where it begins. */
static char *
header_before(char *payload, uint8_t first, size_t len)
{
	unsigned char *h;
	int i;

	if (len < 126) {
		h = (unsigned char *)payload - 2;
		h[1] = (unsigned char)len;
	} else if (len < 65536) {
		h = (unsigned char *)payload - 4;
		h[1] = 126;
		h[2] = (unsigned char)(len >> 8);
		h[3] = (unsigned char)len;
	} else {
		h = (unsigned char *)payload - WS_HEADER_MAX;
		h[1] = 127;
		for (i = 0; i < 8; i++)
			h[2 + i] = (unsigned char)((uint64_t)len >>
			    (56 - 8 * i));
	}
	h[0] = first;
	return (char *)h;
}

static void
set_wire(struct frame *f, enum wire w, const char *start, const char *end)
{
	f->wire[w].off = (uint32_t)(start - f->data);
	f->wire[w].len = (uint32_t)(end - start);
}

/* Make a frame with room for that many bytes of data. */
static struct frame *
frame_alloc(size_t *total, size_t room)
{
	size_t size = offsetof(struct frame, data) + room;
	struct frame *f;

	if ((f = malloc(size)) == NULL)
		return NULL;
	f->refs = 1;
	f->size = (uint32_t)size;
	f->total = total;
	f->seen_by = NULL;
	f->overflow = OVERFLOW_DISCONNECT;
	*total += size;
	return f;
}

struct frame *
frame_new(size_t *total, const struct slice *parts, size_t n, bool newline)
{
	char *payload, *at, *line;
	struct frame *f;
	size_t i, len = 0;

	for (i = 0; i < n; i++)
		len += parts[i].len;
	if (len > FRAME_MAX)
		return NULL;
	f = frame_alloc(total, WS_HEADER_MAX + len + 1 +
	    (newline ? len + 1 : 0));
	if (f == NULL)
		return NULL;
	at = payload = f->data + WS_HEADER_MAX;
	for (i = 0; i < n; i++) {
		memcpy(at, parts[i].p, parts[i].len);
		at += parts[i].len;
	}
	line = newline ? at : payload;
	if (newline) {
		memcpy(line, payload, len);
		line_blank(line, len);
	}
	line[len] = '\n';
	set_wire(f, WIRE_WS, header_before(payload, WS_FIN | WS_TEXT, len),
	    payload + len);
	set_wire(f, WIRE_LINE, line, line + len + 1);
	return f;
}

/* Make a frame that is empty on the other wire. */
static struct frame *
frame_new_ws(size_t *total, uint8_t first, struct slice payload)
{
	struct frame *f;
	char *at;

	f = frame_alloc(total, WS_HEADER_MAX + payload.len);
	if (f == NULL)
		return NULL;
	at = f->data + WS_HEADER_MAX;
	memcpy(at, payload.p, payload.len);
	set_wire(f, WIRE_WS, header_before(at, first, payload.len),
	    at + payload.len);
	set_wire(f, WIRE_LINE, at, at);
	return f;
}

struct frame *
frame_new_control(size_t *total, uint8_t opcode, struct slice payload)
{
	struct frame *f = frame_new_ws(total, WS_FIN | opcode, payload);

	if (f != NULL)
		f->overflow = OVERFLOW_NONE;
	return f;
}

struct frame *
frame_new_compressed(size_t *total, const struct frame *f,
    struct slice payload)
{
	struct frame *packed = frame_new_ws(total, WS_FIN | WS_RSV1 | WS_TEXT,
	    payload);

	if (packed != NULL)
		packed->overflow = f->overflow;
	return packed;
}

struct slice
frame_text(const struct frame *f)
{
	const char *end = f->data + f->wire[WIRE_WS].off +
	    f->wire[WIRE_WS].len;

	return slice_of(f->data + WS_HEADER_MAX,
	    (size_t)(end - f->data) - WS_HEADER_MAX);
}

void
frame_count_in(struct frame *f, size_t *total)
{
	*f->total -= f->size;
	f->total = total;
	*total += f->size;
}

void
frame_unref(struct frame *f, uint32_t n)
{
	if (f == NULL || (f->refs -= n) > 0)
		return;
	if (f->seen_by != NULL)
		*f->seen_by = NULL;
	*f->total -= f->size;
	free(f);
}
