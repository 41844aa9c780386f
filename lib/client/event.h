/*
 * event.h: a received event, and its parts as text.
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
	bool		 retained;	/* the topic had retained it, */
	bool		 history;	/* or had it in its history */
	int64_t		 time_us;	/* of receipt, by clock_wall_us(), if it
					 * is to be printed */
};

/* The result of printing an event. */
enum event_outcome {
	EVENT_OK,
	EVENT_FAULT,		/* a jq path or program does not fit it */
	EVENT_MEMORY,		/* out of memory */
};

/* Flags for how. */
#define EVENT_LINE	1u	/* replace line ends between tokens by blanks */
#define EVENT_TERMINAL	2u	/* escape what a terminal might obey */

/* Append the topic's characters.  If it has escapes, it is written with JSON's
 * escapes, so that it contains no tab and no line end.  0 or -1. */
int	event_add_topic(struct buf *out, const struct event *ev,
	    unsigned how);

/* Append a value as it came, changed only as the flags in how say.  0 or -1. */
int	event_add_value(struct buf *out, const struct json_elem *value,
	    unsigned how);

/* The same, but a string without quotes and with its escapes resolved. */
int	event_add_raw(struct buf *out, const struct json_elem *value,
	    unsigned how);
