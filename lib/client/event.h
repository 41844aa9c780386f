/*
 * event.h: an event that was received, and its pieces as text.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "proto/json.h"

struct event {
	struct json_elem topic;		/* a string */
	struct json_elem value;
	int64_t		 number;	/* from 1 */
	bool		 retained;	/* its topic had kept it */
	int64_t		 time_us;	/* of clock_wall_us(): of receipt, if
					 * it is to be printed */
};

/* What became of an attempt to print one. */
enum event_outcome {
	EVENT_OK,
	EVENT_FAULT,		/* a jq path or program does not fit it */
	EVENT_MEMORY,		/* out of memory */
};

/* How, or'ed. */
#define EVENT_LINE	1u	/* an event is one line: blanks for the line
				 * ends between its tokens */
#define EVENT_TERMINAL	2u	/* what a terminal might obey is escaped */

/* Append the topic's characters.  One that has escapes is written with JSON's
 * own, so that no topic can hold a tab or a line's end.  0 or -1. */
int	event_add_topic(struct buf *out, const struct event *ev,
	    unsigned how);

/* Append a value's bytes as they came, but for what how says.  0 or -1. */
int	event_add_value(struct buf *out, const struct json_elem *value,
	    unsigned how);

/* The same; but a string without quotes, its escapes resolved. */
int	event_add_raw(struct buf *out, const struct json_elem *value,
	    unsigned how);
