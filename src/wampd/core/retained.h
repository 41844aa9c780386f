/*
 * retained.h: sending the retained event of a topic to a new subscriber.
 *
 * In WAMP v1, such an EVENT looks like any other.  A session that wants to
 * know the difference counts them with wampd.barrier, or calls wampd.mark to
 * get them with a fourth element.
 */
#pragma once

#include <stdbool.h>

struct broker;
struct event;
struct frame;
struct protocol;
struct session;
struct topic;

/* The last frame that was made for a retained event.  Sessions that subscribe
 * to the same topic in one turn share it. */
struct retained_frame {
	struct event *event;		/* a reference; or NULL */
	const struct protocol *protocol;
	bool	      marked;		/* see wampd.mark */
	struct frame *frame;		/* owned */
};

/* Queue to s an event that t retains. */
void	retained_send(struct session *s, const struct topic *t,
	    struct event *ev);

/* Give the frame back.  Called once a turn. */
void	retained_forget(struct broker *b);
