/*
 * wamp1_text.h: a parsed message as a line of text, and as a message again;
 * for the codec's unit test and its fuzz target.
 */
#pragma once

#include "base/buf.h"
#include "proto/wamp1.h"

/* Append "PUBLISH uri="t" event=1 exclude=none".  Values are as they came. */
void	wamp1_dump(struct buf *out, const struct wamp_msg *m);

/* Append a message that says the same under the same rules. */
void	wamp1_rebuild(struct buf *out, const struct wamp_msg *m,
	    const struct wamp1_rules *rules);
