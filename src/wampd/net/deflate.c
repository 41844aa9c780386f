/*
 * deflate.c: the messages of permessage-deflate (RFC 7692), by zlib.
 */
#include "wampd/net/deflate.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

/* Measured with JSON of 64 bytes to 64 KiB: level 3 takes hardly more time than
 * level 1.  Higher levels take two to three times as long, and make messages at
 * most an eighth smaller.  More memory makes them no smaller. */
#define LEVEL		3
#define MEMORY_LEVEL	5

#define INFLATE_BITS	15		/* all windows that a peer may use */
#define INFLATE_WINDOW	(1u << INFLATE_BITS)
#define AT_BLOCK	128		/* z->data_type: between two blocks,
					 * where a byte begins */
#define OUT_FIRST	512		/* bytes, the first room for a message,
					 * or this many times its input */
#define OUT_TIMES	4

/*
 * A block that has its own codes takes zlib 2 microseconds before it says
 * anything, and needs only 12 bytes.  A message of such blocks would take 25
 * times as long as an honest one.  Compressors begin a block after 100 symbols
 * or more, so this is enough for them.
 */
#define DEAR_FREE	16	/* such blocks, and another one */
#define DEAR_BYTES	64	/* for so many bytes of output */

struct deflate {
	z_stream out;		/* compresses */
	z_stream in;		/* decompresses */
	bool	 out_ready;	/* there is memory for it */
	bool	 in_ready;
};

/* The bytes that end a flush.  A sender leaves them out. */
static const char tail[4] = { '\0', '\0', '\377', '\377' };

struct deflate *
deflate_new(void)
{
	return calloc(1, sizeof(struct deflate));
}

void
deflate_free(struct deflate *d)
{
	if (d == NULL)
		return;
	if (d->out_ready)
		(void)deflateEnd(&d->out);
	if (d->in_ready)
		(void)inflateEnd(&d->in);
	free(d);
}

/* zlib wants what it reads without const, but does not write there. */
static void
give(z_stream *z, const char *p, size_t n)
{
	z->next_in = (z_const Bytef *)(uintptr_t)p;
	z->avail_in = (uInt)n;
}

/* ---- compressing ---- */

/* 0, or -1 when out of memory. */
static int
begin_out(struct deflate *d)
{
	if (d->out_ready)
		return deflateReset(&d->out) == Z_OK ? 0 : -1;
	if (deflateInit2(&d->out, LEVEL, Z_DEFLATED, -DEFLATE_WINDOW_BITS,
	    MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		return -1;
	d->out_ready = true;
	return 0;
}

/* There is only room for what is smaller than the input.  zlib is done when it
 * leaves some of it; then the last four bytes are the tail. */
enum deflate_result
deflate_message(struct deflate *d, struct slice in, struct buf *out)
{
	size_t room = in.len + sizeof(tail);

	if (in.len == 0 || in.len > UINT_MAX / 2)
		return DEFLATE_NOT_SMALLER;
	if (begin_out(d) == -1 || buf_reserve(out, room) == -1)
		return DEFLATE_NO_MEMORY;
	give(&d->out, in.p, in.len);
	d->out.next_out = (Bytef *)out->data + out->len;
	d->out.avail_out = (uInt)room;
	if (deflate(&d->out, Z_SYNC_FLUSH) != Z_OK || d->out.avail_out == 0)
		return DEFLATE_NOT_SMALLER;
	out->len += room - d->out.avail_out - sizeof(tail);
	return DEFLATE_OK;
}

bool
deflate_compress(void *d, struct slice in, struct buf *out)
{
	return deflate_message(d, in, out) == DEFLATE_OK;
}

/* ---- decompressing ---- */

/* A message that is being decompressed. */
struct inflation {
	z_stream   *z;
	struct buf *out;
	size_t	    begin;	/* out->len before the message */
	size_t	    limit;	/* bytes */
	size_t	    dear;	/* blocks that take long */
};

static int
begin_in(struct deflate *d)
{
	if (d->in_ready)
		return inflateReset(&d->in) == Z_OK ? 0 : -1;
	if (inflateInit2(&d->in, -INFLATE_BITS) != Z_OK)
		return -1;
	d->in_ready = true;
	return 0;
}

/* Give out that much memory.  Not by buf_reserve(), which may take twice as
 * much. */
static int
resize(struct buf *out, size_t cap)
{
	char *data = realloc(out->data, cap);

	if (data == NULL)
		return -1;
	out->data = data;
	out->cap = cap;
	return 0;
}

/* Make room for more output, unless the limit is reached.  0, or -1 when out
 * of memory. */
static int
grow(struct inflation *f)
{
	struct buf *out = f->out;
	size_t room = 2 * (out->len - f->begin);

	if (out->len < out->cap || out->len == f->begin + f->limit)
		return 0;
	if (room < OUT_FIRST)
		room = OUT_FIRST;
	if (room < OUT_TIMES * (size_t)f->z->avail_in)
		room = OUT_TIMES * (size_t)f->z->avail_in;
	return resize(out, f->begin + (room < f->limit ? room : f->limit));
}

/* Decompress to the end of a block, or as far as there is room.  Where there is
 * none, a byte aside shows whether there is more to say.  Returns what zlib
 * does, but Z_BUF_ERROR only if there is more. */
static int
step(struct inflation *f)
{
	struct buf *out = f->out;
	size_t room = out->cap - out->len;
	size_t most = f->begin + f->limit - out->len;
	Bytef aside;
	int status;

	if (room > most)
		room = most;
	if (room > UINT_MAX)
		room = UINT_MAX;
	f->z->next_out = room > 0 ? (Bytef *)out->data + out->len : &aside;
	f->z->avail_out = room > 0 ? (uInt)room : 1;
	status = inflate(f->z, Z_BLOCK);
	if (room > 0)
		out->len += room - f->z->avail_out;
	else if (f->z->avail_out == 0)
		return Z_BUF_ERROR;
	return status == Z_BUF_ERROR ? Z_OK : status;
}

/*
 * A block was the last one of its deflate stream, but not of the message (RFC
 * 7692 section 7.2.3.4).  The next one begins with the next byte, and may refer
 * to what was said before.  Returns what zlib does.
 */
static int
go_on(struct inflation *f)
{
	size_t len = f->out->len - f->begin;
	int status = inflateReset(f->z);

	f->dear++;
	if (status != Z_OK || len == 0)
		return status;
	if (len > INFLATE_WINDOW)
		len = INFLATE_WINDOW;
	return inflateSetDictionary(f->z, (const Bytef *)f->out->data +
	    f->out->len - len, (uInt)len);
}

/* Whether the block that follows one has its own codes (RFC 1951 section
 * 3.2.3: BTYPE is 2).  It may begin in the last byte that zlib took. */
static bool
next_is_dear(const z_stream *z)
{
	unsigned left = (unsigned)z->data_type & 7, bits = 0;

	if (left > 0)
		bits = (unsigned)z->next_in[-1] >> (8 - left);
	if (z->avail_in > 0)
		bits |= (unsigned)z->next_in[0] << left;
	return (bits >> 1 & 3) == 2;
}

/* Decompress all that was received.  Returns what zlib does, and Z_BUF_ERROR
 * when that is too much. */
static int
inflate_all(struct inflation *f)
{
	int status;

	do {
		if (grow(f) == -1)
			return Z_MEM_ERROR;
		status = step(f);
		if (status == Z_STREAM_END)
			status = go_on(f);
		else if (status == Z_OK && (f->z->data_type & AT_BLOCK) &&
		    next_is_dear(f->z))
			f->dear++;
		if (f->dear > DEAR_FREE + (f->out->len - f->begin) /
		    DEAR_BYTES)
			return Z_BUF_ERROR;
	} while (status == Z_OK &&
	    (f->z->avail_in > 0 || f->z->avail_out == 0));
	return status;
}

/* Decompress the tail.  With it, the message must be whole, and the tail must
 * not have said anything. */
static int
inflate_tail(struct inflation *f)
{
	size_t len = f->out->len;
	int status;

	give(f->z, tail, sizeof(tail));
	do
		status = step(f);
	while (status == Z_OK && f->z->avail_in > 0);
	if (status == Z_MEM_ERROR)
		return status;
	return status == Z_OK && f->out->len == len &&
	    f->z->data_type == AT_BLOCK ? Z_OK : Z_DATA_ERROR;
}

enum deflate_result
deflate_inflate(struct deflate *d, struct slice in, size_t limit,
    struct buf *out)
{
	struct inflation f = { .z = &d->in, .out = out, .begin = out->len,
	    .limit = limit };
	int status;

	if (in.len == 0)
		return DEFLATE_OK;
	if (in.len > UINT_MAX)
		return DEFLATE_TOO_BIG;
	if (begin_in(d) == -1)
		return DEFLATE_NO_MEMORY;
	give(f.z, in.p, in.len);
	status = inflate_all(&f);
	if (status == Z_OK)
		status = inflate_tail(&f);
	if (status == Z_OK)
		return DEFLATE_OK;
	out->len = f.begin;
	if (status == Z_MEM_ERROR)
		return DEFLATE_NO_MEMORY;
	return status == Z_BUF_ERROR ? DEFLATE_TOO_BIG : DEFLATE_BROKEN;
}
