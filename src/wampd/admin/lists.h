/*
 * lists.h: the procedures that list sessions and topics.
 */
#pragma once

struct call;

/* wampd.sessions and wampd.topics, see wamp-control(7). */
int	admin_sessions(struct call *c);
int	admin_topics(struct call *c);
