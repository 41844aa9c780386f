/*
 * retained.h: what a topic has kept, on its way to who subscribes later.
 *
 * WAMP v1 has no sign for it: such an EVENT looks like any other.  Who wants to
 * know counts them by wampd.barrier, or asks by wampd.mark for a fourth element
 * behind them, as EVENT of v2 has it in its details.
 */
#pragma once

#include <stdbool.h>

struct broker;
struct event;
struct frame;
struct protocol;
struct session;
struct topic;

/* The frame of a retained event that was sent last, for who asks for the same
 * one next: a crowd that comes at once shares it. */
struct retained_frame {
	struct event *event;		/* a reference of ours; or NULL */
	const struct protocol *protocol;
	bool	      marked;
	struct frame *frame;		/* owned */
};

/* Queue to s what t holds, or held. */
void	retained_send(struct session *s, const struct topic *t,
	    struct event *ev);

/* The crowd has gone by: let go of the frame (once a turn). */
void	retained_forget(struct broker *b);
