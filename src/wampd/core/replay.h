/*
 * replay.h: subscribing to a topic, and getting the events that it keeps first.
 *
 * The session is subscribed at once.  The kept events are sent as its queue has
 * room, because they may be far more than limits.queue.  Until then, its new
 * events of that topic wait behind them, so that all events come in their
 * order, none is lost and none comes twice.  They are not copied: if a history
 * loses an event before it is sent, the answer says how many are missing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/slice.h"
#include "wampd/core/reply.h"

struct broker;
struct frame;
struct replay;
struct session;
struct topic;

TAILQ_HEAD(replays, replay);

/* Which of the kept events. */
struct replay_ask {
	int64_t	last;		/* at most so many, the last ones; 0: any */
	int64_t since;		/* published then or later, ms since 1970; or
				 * REPLAY_ANY */
	int64_t	age;		/* at most so old, in ms; or -1: any */
};

#define REPLAY_ANY	INT64_MIN

/* What a session pays for one, beside the name of the topic, in bytes. */
#define REPLAY_COST	512

/* Remember that the next subscription of to->session to that topic begins with
 * these events.  The call is answered when they are queued, or when the
 * subscription is refused or ends.  The caller then subscribes.  Returns 0, or
 * -1 when out of memory. */
int	replay_prepare(const struct reply_to *to, struct slice topic,
	    const struct replay_ask *ask);

/* s has subscribed to t.  Returns whether a replay was prepared, which has now
 * begun. */
bool	replay_begin(struct session *s, struct topic *t);

/* The subscription of s to t is refused.  Returns whether a replay was
 * prepared; then its call is answered with the failure. */
bool	replay_refuse(struct session *s, const struct topic *t,
	    const struct failure *f);

/* The subscription of s to that topic ends, or the request for it. */
void	replay_end(struct session *s, struct slice topic);

/* Let an event of t wait behind the kept ones, if those are being sent to s;
 * takes one reference then.  Returns whether that is so. */
bool	replay_hold(struct session *from, struct session *s,
	    const struct topic *t, struct frame *f);

/* Send more kept events, to the sessions that have room.  Returns 0 if it must
 * be called in the next turn, or -1. */
int64_t	replays_continue(struct broker *b);
