/*
 * event.h: the events that a text of the input stands for: itself, a string
 * of it, or what jq makes of it; and on which topic they go.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "client/program.h"
#include "client/record.h"

/* Zeroed: events as they are, all on one topic. */
struct event_maker {
	bool		string;		/* the text as a JSON string */
	bool		replay;		/* the text is a record of one */
	bool		keep_topic;	/* replay: as recorded */
	struct programs	programs;
	struct program_run how;		/* -e and --topic-jq; or none */
	struct json_error fault;	/* why the text is no JSON, if what is
					 * not NULL */
	struct slice	event;		/* without programs, of this text */
	struct record	record;		/* replay: of this text */
	bool		pending;	/* event has not been taken */
	struct buf	quoted;
};

/* Compile the programs; NULL: none.  0, or -1 with *e filled: what is wrong
 * with which, and where. */
int	event_compile(struct event_maker *m, const struct program_args *args,
	    const char *filter, const char *topic, struct errbuf *e);

/* Are there programs? */
bool	event_runs(const struct event_maker *m);

/* Is it a text that events can be made of?  Then it is the one that
 * event_begin() begins with.  0 or -1; when it is no JSON, m->fault says more
 * than *e. */
int	event_check(struct event_maker *m, struct slice text,
	    struct errbuf *e);

/*
 * Begin with the text that was checked last, once or several times.  Without
 * programs it must stay until event_next() has returned 0, and is the only one;
 * with programs, several may be begun, whose events come one text after the
 * other; but not of records.  0, or -1 with *e filled.
 */
int	event_begin(struct event_maker *m, struct errbuf *e);

/* The next event of the text begun first and, with a topic program or that of
 * a record, its topic, both as JSON, borrowed until the next call.  1, 0 when
 * there are no more, or -1: then it is the next text's turn.  *stopped: a
 * signal has ended it. */
int	event_next(struct event_maker *m, struct slice *event,
	    struct slice *topic_json, bool *stopped, struct errbuf *e);

void	event_clear(struct event_maker *m);
