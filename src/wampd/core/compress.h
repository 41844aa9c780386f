/*
 * compress.h: compressed frames, for the sessions that take them.
 *
 * These are the sessions of transports with the flag compressed.  All of them
 * share one form: an event is compressed when the first of them gets it, and
 * not if there is none.  The other sessions cost nothing more than without
 * compression; see session->plain.
 *
 * Small messages are not compressed, nor are those that do not become smaller.
 * WebSocket control frames never are (RFC 7692 section 6).
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

struct broker;
struct frame;

/* Bytes of text.  Smaller JSON gets at most an eighth smaller; see
 * bench_wampd_deflate.c. */
#define COMPRESS_MIN	128

/* What compresses, handed in by the transports.  Zeroed: nothing does. */
struct compressor {
	/* Append the compressed form of text.  False if it should be sent as it
	 * is: it does not become smaller, or memory is short. */
	bool  (*compress)(void *ctx, struct slice text, struct buf *out);
	void   *ctx;		/* borrowed */
};

/* The frame of the same message for sessions that take it compressed.  Uses up
 * a reference to f, which frame_new() has made, and returns one: to the
 * compressed frame, or to f if it is not worth it. */
struct frame *compress_frame(struct broker *b, struct frame *f);
