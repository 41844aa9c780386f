/*
 * program_answer.h: the events with which a handler's program answers, as JSON:
 * {"event", "topic", "exclude", "eligible"}.  Only the first is required.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct publication;
struct request;

/* Returned instead of a number of receivers; *e is filled. */
#define PROGRAM_ANSWER_WRONG	(-1)	/* the answer is invalid */
#define PROGRAM_ANSWER_EXCEEDS	(-2)	/* it exceeds a limit, or memory */

/*
 * Deliver an answer of a program, which is an object as above.  base is the
 * publication that the program was asked about, or one without an event if the
 * program publishes on its own.  The handler of a topic that the answer names
 * is not asked.  How many sessions got the event, or one of the above.
 */
long	program_answer_deliver(const struct publication *base,
	    struct slice answer, struct errbuf *e);

/*
 * Check all answers to a publication (the inside of a list) before the first is
 * delivered.  If forward is set, an answer may also be true, which stands for
 * the event as it came.  0, or one of the above with *e filled; an invalid
 * answer counts before one that exceeds a limit.
 */
int	program_answer_look(const struct request *r, struct slice answers,
	    bool forward, struct errbuf *e);

/* Deliver answers that were checked.  The number of deliveries, or -1 with *e
 * filled. */
long	program_answer_deliver_all(const struct request *r,
	    struct slice answers, struct errbuf *e);
