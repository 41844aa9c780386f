/*
 * event.h: makes events from a text of the input, and finds their topics.  A
 * text is an event itself, becomes a string, or is the input of jq.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "client/program.h"
#include "client/record.h"

/* Zeroed: each text is an event, and all have one topic. */
struct event_maker {
	bool		string;		/* the text becomes a JSON string */
	bool		replay;		/* the text is a recorded event */
	bool		keep_topic;	/* replay: use the recorded topic */
	struct programs	programs;
	struct program_run how;		/* -e and --topic-jq; or none */
	struct json_error fault;	/* why the text is not JSON, if what is
					 * not NULL */
	struct slice	event;		/* of this text, without programs */
	struct record	record;		/* of this text, with replay */
	bool		pending;	/* event has not been taken */
	struct buf	quoted;
};

/* Compile the programs; NULL: none.  0, or -1 with *e filled: which program is
 * wrong, where and why. */
int	event_compile(struct event_maker *m, const struct program_args *args,
	    const char *filter, const char *topic, struct errbuf *e);

/* Whether there are programs. */
bool	event_runs(const struct event_maker *m);

/* Check whether events can be made from the text, and prepare it for
 * event_begin().  0 or -1; if the text is not JSON, m->fault says more than
 * *e. */
int	event_check(struct event_maker *m, struct slice text,
	    struct errbuf *e);

/*
 * Begin with the text that was checked last, once or several times.  Without
 * programs, the text must remain valid until event_next() has returned 0, and
 * only one text may be begun.  With programs, several texts may be begun; their
 * events come one text after the other.  This does not apply to recorded
 * events.  0, or -1 with *e filled.
 */
int	event_begin(struct event_maker *m, struct errbuf *e);

/* The next event of the text that was begun first, and its topic if a program
 * or a recording gives one.  Both are JSON, and borrowed until the next call.
 * 1; 0 when there are no more; or -1: then continue with the next text.
 * *stopped: a signal has ended the program. */
int	event_next(struct event_maker *m, struct slice *event,
	    struct slice *topic_json, bool *stopped, struct errbuf *e);

void	event_clear(struct event_maker *m);
