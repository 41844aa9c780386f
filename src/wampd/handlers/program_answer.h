/*
 * program_answer.h: the events that a handler's program answers, as JSON:
 * {"event", "topic", "exclude", "eligible"}, all but the first optional.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct publication;
struct request;

/* Instead of a number of receivers, with *e filled. */
#define PROGRAM_ANSWER_WRONG	(-1)	/* it makes no sense */
#define PROGRAM_ANSWER_EXCEEDS	(-2)	/* a limit of messages, or memory */

/*
 * Deliver what a program answered to a publication: base is the publication it
 * was asked about (or one without event, for a program's own events), answer
 * an object as above.  A topic of its own need not be subscribed by anyone; no
 * handler is asked again.  How many sessions got it, or one of the above.
 */
long	program_answer_deliver(const struct publication *base,
	    struct slice answer, struct errbuf *e);

/*
 * Look at all answers to a publication (the inside of a list) before the first
 * is delivered: one that is wrong refuses it, and so does one that exceeds a
 * limit, if none is wrong.  forward: true stands for the event as it came.  0,
 * or one of the above.
 */
int	program_answer_look(const struct request *r, struct slice answers,
	    bool forward, struct errbuf *e);

/* Deliver those that were looked at.  How many sessions got them together, or
 * -1 with *e filled. */
long	program_answer_deliver_all(const struct request *r,
	    struct slice answers, struct errbuf *e);
