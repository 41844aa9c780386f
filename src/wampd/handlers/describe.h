/*
 * describe.h: what a handler's program sees and what it answers, as JSON.
 *
 * In: {"session":{"id","user","user_id","roles","attributes"},"topic","route",
 * "attributes", and "event" or "args"}.  Out: an event to publish is
 * {"event", "topic", "exclude", "eligible"}, all but the first optional.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct handler;
struct publication;
struct request;
struct session;
struct topic;

/* Append the session as an object; null when s is NULL.  0 or -1. */
int	describe_session(const struct session *s, struct buf *out);

/* The same up to its attributes, which are to be put behind it, and a brace. */
int	describe_who(const struct session *s, struct buf *out);

/* Append the name of the topic's route, or null.  0 or -1.  The route's
 * attributes are topic->attributes, a JSON object. */
int	describe_route(const struct topic *t, struct buf *out);

/* Instead of a number of receivers, with *e filled. */
#define DESCRIBE_WRONG		(-1)	/* it makes no sense */
#define DESCRIBE_EXCEEDS	(-2)	/* a limit of messages, or memory */

/*
 * Deliver what a program answered to a publication: base is the publication it
 * was asked about (or one without event, for a program's own events), answer
 * an object as above.  A topic of its own need not be subscribed by anyone; no
 * handler is asked again.  How many sessions got it, or one of the above.
 */
long	describe_deliver(const struct publication *base, struct slice answer,
	    struct errbuf *e);

/*
 * Look at all answers to a publication (the inside of a list) before the first
 * is delivered: one that is wrong refuses it, and so does one that exceeds a
 * limit, if none is wrong.  forward: true stands for the event as it came.  0,
 * or one of the above.
 */
int	describe_look(const struct request *r, struct slice answers,
	    bool forward, struct errbuf *e);

/* Deliver those that were looked at.  How many sessions got them together, or
 * -1 with *e filled. */
long	describe_deliver_all(const struct request *r, struct slice answers,
	    struct errbuf *e);
