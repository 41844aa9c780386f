/*
 * output.h: events as wamp-sub prints them.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "client/event.h"
#include "proto/json_pretty.h"

struct format;

struct output_format {
	bool topic;		/* topic and a tab before the event */
	bool object;		/* {"time","topic","event"} instead */
	bool raw;		/* strings without their quotes */
	bool nul;		/* NUL-ended instead of one a line */
	struct json_look look;
	struct format *format;	/* borrowed; all by itself, with its own ends;
				 * NULL: none */
	bool terminal;		/* nothing that a terminal might obey */
};

/* Append one event.  Its bytes are kept as they came, but where a line is a
 * record, white space between tokens holds no line's end.  Unless all went
 * well, *out is as before; with EVENT_FAULT *e says why. */
enum event_outcome output_event(struct buf *out,
	    const struct output_format *f, const struct event *ev,
	    struct errbuf *e);
