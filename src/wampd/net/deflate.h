/*
 * deflate.h: the messages of permessage-deflate (RFC 7692), by zlib.
 *
 * There is no context takeover: each message is compressed by itself.  A
 * broker therefore needs only one of these for all its sessions, and an event
 * is compressed once for all its receivers.
 *
 * Memory: 40 KiB for compressing and 40 KiB for decompressing, each allocated
 * when it is first needed, and then kept.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * We compress with a window of 2^12 bytes.  It makes typical events of 64 KiB 6
 * percent larger than one of 2^15 would, and smaller ones not at all, but takes
 * a quarter of the memory, and serves the receivers that ask for a window of
 * 2^12 bytes as well.
 */
#define DEFLATE_WINDOW_BITS	12

enum deflate_result {
	DEFLATE_OK,
	DEFLATE_NOT_SMALLER,	/* compressed, it is as large or larger */
	DEFLATE_TOO_BIG,	/* decompressed, it exceeds the limit */
	DEFLATE_BROKEN,		/* not what RFC 7692 section 7.2.1 makes */
	DEFLATE_NO_MEMORY,
};

struct deflate;

/* NULL when out of memory. */
struct deflate *deflate_new(void);
void	deflate_free(struct deflate *d);

/*
 * Append the payload of a compressed message that says in (RFC 7692 section
 * 7.2.1).  If that is not smaller, the result is DEFLATE_NOT_SMALLER, and the
 * message is best sent as it is, with RSV1 off (section 6).  The other result
 * is DEFLATE_NO_MEMORY.  Unless the result is DEFLATE_OK, out is as before.
 */
enum deflate_result deflate_message(struct deflate *d, struct slice in,
	    struct buf *out);

/* The same for the core (struct compressor in core/compress.h): whether the
 * result is DEFLATE_OK. */
bool	deflate_compress(void *d, struct slice in, struct buf *out);

/*
 * Append what the payload of a compressed message says (section 7.2.2), limit
 * bytes at most.  An empty payload is an empty message.  Unless the result is
 * DEFLATE_OK, out says the same as before.
 *
 * out gets room for limit bytes more at most.  The time is bounded by limit,
 * too: a message that has many more blocks than a compressor would make for its
 * size is also DEFLATE_TOO_BIG.
 */
enum deflate_result deflate_inflate(struct deflate *d, struct slice in,
	    size_t limit, struct buf *out);
