/*
 * record.h: an event as wamp-sub -j has recorded it.
 *
 *	{"time":"2026-11-21T08:45:28.123Z","topic":"demo/news","event":1}
 *
 * Members in any order, others are ignored: also "retained", for what a topic
 * keeps is for its route, or who publishes, to say.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "proto/json.h"

struct record {
	struct slice topic;	/* a JSON string that is not empty */
	struct slice event;	/* JSON */
	int64_t	     time_ms;	/* since 1970; -1: there is none */
};

/* Read one, which borrows from the text.  0 or -1; when it is no JSON, *fault
 * says more than *e, else fault->what is NULL. */
int	record_read(struct record *r, struct slice text,
	    struct json_error *fault, struct errbuf *e);
