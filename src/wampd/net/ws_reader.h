/*
 * ws_reader.h: the frames of a WebSocket client, strictly as RFC 6455 sections
 * 5 to 8 have them.  Bytes in, messages and control frames out; it knows
 * nothing of sockets.  However the bytes are cut into reads, the items are the
 * same.
 *
 *	struct ws_input in = { bytes, n };
 *
 *	while ((got = ws_reader_next(&r, &rules, &in, &item)) != WS_GOT_MORE)
 *		handle(got, &item);
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct ws_cut;

/* A part of a connection; zeroed at the beginning.  It is one pointer: a
 * connection that is idle between two frames has nothing allocated. */
struct ws_reader {
	struct ws_cut *cut;	/* owned; what the end of a read cut off, or
				 * the fragments of a message.  NULL if there is
				 * nothing. */
};

enum ws_got {
	WS_GOT_MORE,		/* all input is used: more must come */
	WS_GOT_MESSAGE,		/* a whole message */
	WS_GOT_PING,		/* at most 125 bytes */
	WS_GOT_PONG,		/* likewise */
	WS_GOT_CLOSE,		/* a valid one; nothing more is read */
	WS_GOT_TOO_BIG,		/* a message above the limit has begun.  It is
				 * skipped; what follows it is read as usual. */
	WS_GOT_FAULT,		/* the peer broke the protocol; nothing more is
				 * read */
	WS_GOT_NO_MEMORY,	/* nothing more is read */
};

struct ws_item {
	struct slice payload;	/* unmasked; of a Close: code and reason as
				 * they came, as the answer repeats them */
	bool	     binary;	/* of a message */
	bool	     compressed; /* of a message: RSV1 was set; if it is text,
				 * it has not been checked */
	uint16_t     code;	/* of a Close, CLOSE_NO_STATUS if it has none;
				 * of a fault: with which code to close */
	const char  *reason;	/* static; of a fault */
};

struct ws_reader_rules {
	uint64_t limit;		/* bytes of a message, as it comes */
	bool	 deflate;	/* messages may be compressed (RFC 7692) */
};

struct ws_input {
	char   *p;		/* borrowed; payload is unmasked in place */
	size_t	len;		/* bytes */
};

/* Read the next item, and move *in behind what was used.  The payload is valid
 * until the next call, or until the bytes of the input change. */
enum ws_got ws_reader_next(struct ws_reader *r,
	    const struct ws_reader_rules *rules, struct ws_input *in,
	    struct ws_item *item);

/* Whether the reader is between two messages, and keeps nothing. */
static inline bool
ws_reader_is_idle(const struct ws_reader *r)
{
	return r->cut == NULL;
}

/* How much memory a message takes that has not come whole, in bytes. */
size_t	ws_reader_held(const struct ws_reader *r);

/* Keep nothing of such a message: its rest is skipped, as if it were too big.
 * Not while an item is in use. */
void	ws_reader_skip(struct ws_reader *r);

/* Free what is kept.  The reader is as at the beginning. */
void	ws_reader_clear(struct ws_reader *r);
