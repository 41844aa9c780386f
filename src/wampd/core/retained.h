/*
 * retained.h: sending the retained event of a topic to a new subscriber.
 *
 * In WAMP v1, such an EVENT looks like any other.  A session that wants to
 * know the difference counts them with wampd.barrier, or calls wampd.mark to
 * get them with a fourth element.
 */
#pragma once

struct event;
struct session;
struct topic;

/* Queue to s an event that t retains. */
void	retained_send(struct session *s, const struct topic *t,
	    struct event *ev);
