/*
 * compress.c: compressed frames, for the sessions that take them.
 */
#include "wampd/core/compress.h"

#include "wampd/core/broker.h"
#include "wampd/core/frame.h"

struct frame *
compress_frame(struct broker *b, struct frame *f)
{
	const struct compressor *c = &b->compressor;
	struct slice text = frame_text(f);
	struct frame *packed = NULL;
	struct buf out = { 0 };

	if (c->compress != NULL && text.len >= COMPRESS_MIN &&
	    c->compress(c->ctx, text, &out))
		packed = frame_new_compressed(&b->pressure.frame_bytes, f,
		    buf_slice(&out));
	buf_clear(&out);
	if (packed == NULL)
		return f;
	frame_unref(f, 1);
	b->stats.frames_compressed++;
	return packed;
}
