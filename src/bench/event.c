/*
 * event.c: the events and calls of the load.
 */
#include "bench/event.h"

int
event_add_word(struct buf *out, uint32_t n)
{
	uint64_t w = n;

	w = (w | w << 16) & 0x0000ffff0000ffff;
	w = (w | w << 8) & 0x00ff00ff00ff00ff;
	w = (w | w << 4) & 0x0f0f0f0f0f0f0f0f;
	w = htole64(w + 0x6161616161616161);
	return buf_add(out, &w, sizeof(w));
}

int
event_add(struct buf *out, size_t size, uint32_t seq, int64_t us)
{
	size_t pad = size - EVENT_SIZE_MIN;

	if (buf_reserve(out, size) == -1)
		return -1;
	(void)buf_add_char(out, '"');
	(void)event_add_word(out, seq);
	(void)event_add_word(out, (uint32_t)us);
	(void)event_add_word(out, (uint32_t)((uint64_t)us >> 32));
	memset(out->data + out->len, 'x', pad);
	out->len += pad;
	return buf_add_char(out, '"');
}
