/*
 * event.h: the events and calls of the load: JSON strings of the wanted size
 * that carry a sequence number, the time they were due, and the stream that
 * the number counts: a publisher's events to a topic.
 *
 *   "NNNNNNNNTTTTTTTTTTTTTTTTSSSSSSSSxxxxx..."
 *
 * The numbers are written with the letters a to p, one for each four bits and
 * the lowest first: eight letters and a 32-bit number turn into one another
 * in a few steps on a 64-bit word, which decimal digits would not.
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

/* Append the whole JSON string, size (>= EVENT_SIZE_MIN) bytes with its
 * quotes.  0, or -1 when out of memory. */
int	event_add(struct buf *out, size_t size, uint32_t seq, int64_t us,
	    uint32_t stream);

/* The number that EVENT_WORD letters at p stand for. */
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

/* Where the event's letters are in a message of that type that ends in it and
 * tail more bytes, or NULL when it is none of ours.  Found from the end: how
 * the rest is written is the server's choice. */
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

/* The same as event_find() for a size that is not known: what may not be of
 * our making at all is looked at closely. */
const char *event_recognize(struct slice text);
