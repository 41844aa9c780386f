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
event_add(struct buf *out, size_t size, uint32_t seq, int64_t us,
    uint32_t stream)
{
	size_t pad = size - EVENT_SIZE_MIN;

	if (buf_reserve(out, size) == -1)
		return -1;
	(void)buf_add_char(out, '"');
	(void)event_add_word(out, seq);
	(void)event_add_word(out, (uint32_t)us);
	(void)event_add_word(out, (uint32_t)((uint64_t)us >> 32));
	(void)event_add_word(out, stream);
	memset(out->data + out->len, 'x', pad);
	out->len += pad;
	return buf_add_char(out, '"');
}

/* Whether all bytes of a word are letters from a to p. */
static bool
event_is_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	/* A byte borrows from the next one only if it is below 'a'.  Then its
	 * own high bits are set, whatever the other bytes are. */
	return ((le64toh(w) - 0x6161616161616161) & 0xf0f0f0f0f0f0f0f0) == 0;
}

const char *
event_recognize(struct slice text)
{
	const size_t end = sizeof("\"]") - 1;
	const char *quote;
	size_t i;

	if (text.len < sizeof("[8,") + EVENT_SIZE_MIN || text.p[1] != '8' ||
	    text.p[text.len - end] != '"')
		return NULL;
	quote = memrchr(text.p, '"', text.len - end);
	if (quote == NULL || (size_t)(text.p + text.len - end - quote) <
	    EVENT_LETTERS + 1)
		return NULL;
	for (i = 0; i < EVENT_LETTERS; i += EVENT_WORD)
		if (!event_is_word(quote + 1 + i))
			return NULL;
	return quote + 1;
}
