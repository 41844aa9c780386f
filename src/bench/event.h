/*
 * event.h: the events and calls of the load.  They are JSON strings of a given
 * size with a sequence number, the time when they were due, and the number of
 * their stream, which is the events of one publisher to one topic.
 *
 *   "NNNNNNNNTTTTTTTTTTTTTTTTSSSSSSSSxxxxx..."
 *
 * Numbers are written with the letters a to p, one for each four bits, lowest
 * first.  Eight letters and a 32-bit number can be converted in a few steps on
 * a 64-bit word; decimal digits would take longer.
 */
#pragma once

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/slice.h"

#define EVENT_WORD	8	/* letters of a 32-bit number */
#define EVENT_LETTERS	(4 * EVENT_WORD)
#define EVENT_SIZE_MIN	(EVENT_LETTERS + 2)	/* with the quotes */

/* Append number n as EVENT_WORD letters.  0, or -1 when out of memory. */
int	event_add_word(struct buf *out, uint32_t n);

/* Append the whole JSON string of size (>= EVENT_SIZE_MIN) bytes, with its
 * quotes.  0, or -1 when out of memory. */
int	event_add(struct buf *out, size_t size, uint32_t seq, int64_t us,
	    uint32_t stream);

/* The number in the EVENT_WORD letters at p. */
static inline uint32_t
event_word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	w = le64toh(w) - 0x6161616161616161;
	w = (w | w >> 4) & 0x00ff00ff00ff00ff;
	w = (w | w >> 8) & 0x0000ffff0000ffff;
	return (uint32_t)(w | w >> 16);
}

/* The event's letters in a message of that type, which ends in the event and
 * tail more bytes.  NULL if the event is not ours.  The event is found from the
 * end, because servers write the rest in different ways. */
static inline const char *
event_find(struct slice text, char type, size_t size, size_t tail)
{
	const char *quote;

	if (text.len < size + tail + sizeof("[8,") || text.p[1] != type)
		return NULL;
	quote = text.p + text.len - tail - size;
	return *quote == '"' ? quote + 1 : NULL;
}

static inline uint32_t
event_seq(const char *letters)
{
	return event_word(letters);
}

static inline int64_t
event_time(const char *letters)
{
	return (int64_t)((uint64_t)event_word(letters + EVENT_WORD) |
	    (uint64_t)event_word(letters + 2 * EVENT_WORD) << 32);
}

static inline uint32_t
event_stream(const char *letters)
{
	return event_word(letters + 3 * EVENT_WORD);
}

/* As event_find() for an unknown size.  It checks more, because the event may
 * be somebody else's. */
const char *event_recognize(struct slice text);
