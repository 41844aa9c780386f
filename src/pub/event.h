/*
 * event.h: the events that a text of the input stands for: itself, a string
 * of it, or what jq makes of it; and on which topic they go.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/jq.h"

/* Zeroed: events as they are, all on one topic. */
struct event_maker {
	bool		   string;	/* the text as a JSON string */
	struct jq_program *filter;	/* owned; NULL: none, as topic */
	struct jq_program *topic;	/* yields the topic of an event */
	struct json_error  fault;	/* why the text is no JSON, if what
					 * is not NULL */
	struct slice	   event;	/* without filter, of this text */
	bool		   pending;	/* event has not been taken */
	struct buf	   quoted, filtered, topic_text;
};

/* Compile the programs; NULL: none.  0, or -1 with *e filled: what is wrong
 * with which, and where. */
int	event_compile(struct event_maker *m, const char *filter,
	    const char *topic, struct errbuf *e);

/* Begin with a text, which must stay until the next one.  0 or -1; when it is
 * no JSON, m->fault says more than *e. */
int	event_begin(struct event_maker *m, struct slice text,
	    struct errbuf *e);

/* The next event and, with a topic program, its topic, both as JSON, borrowed
 * until the next call.  1, 0 when there are no more, or -1. */
int	event_next(struct event_maker *m, struct slice *event,
	    struct slice *topic_json, struct errbuf *e);

void	event_clear(struct event_maker *m);
