/*
 * output.h: events as wamp-sub prints them.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "proto/wamp.h"

struct output_format {
	bool topic;	/* topic and a tab before the event */
	bool object;	/* {"time","topic","event"} instead */
	bool raw;	/* strings without their quotes */
	bool nul;	/* NUL-ended instead of one a line */
};

/* Append one event.  Its bytes are kept as they came, but where a line is a
 * record, white space between tokens holds no line's end.  0, or -1 when out
 * of memory: then *out holds a part of it. */
int	output_event(struct buf *out, const struct output_format *f,
	    const struct wamp_msg *m);
