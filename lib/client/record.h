/*
 * record.h: an event that wamp-sub -j has recorded.
 *
 *	{"time":"2026-11-21T08:45:28.123Z","topic":"demo/news","event":1}
 *
 * Members may have any order, and others are ignored.  "retained" is ignored,
 * too: the route or the publisher decides whether an event is retained.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "proto/json.h"

struct record {
	struct slice topic;	/* a JSON string that is not empty */
	struct slice event;	/* JSON */
	int64_t	     time_ms;	/* since 1970; -1: no time */
};

/* Read one record, which borrows from the text.  0 or -1.  If it is not JSON,
 * *fault says more than *e, else fault->what is NULL. */
int	record_read(struct record *r, struct slice text,
	    struct json_error *fault, struct errbuf *e);
