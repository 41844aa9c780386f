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
	bool nul;		/* end each event with NUL, not with a
				 * newline */
	struct json_look look;
	struct format *format;	/* borrowed; the whole output; NULL: none */
	bool terminal;		/* escape what a terminal might obey */
};

/* Append one event.  Its bytes are kept, except that line ends between tokens
 * become blanks where a line is a record.  On failure *out is unchanged, and
 * with EVENT_FAULT *e says why. */
enum event_outcome output_event(struct buf *out,
	    const struct output_format *f, const struct event *ev,
	    struct errbuf *e);
