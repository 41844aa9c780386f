/*
 * watch.h: what the core tells about sessions, subscriptions and its own life.
 *
 * Somebody may watch that on the broker's own topics, whose names begin with
 * WATCH_PREFIX.  Nobody publishes on them but the part of the broker that is
 * handed in here, meta/.  As long as nobody watches, telling costs a test of
 * watch->wanted.
 *
 * The functions are called while messages are handled and sessions are freed.
 * They only take notes: they neither send nor close.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define WATCH_PREFIX	"wampd."

struct session;

enum watch_topic {
	WATCH_SESSION_OPEN,
	WATCH_SESSION_LOGIN,	/* it has proved another name */
	WATCH_SESSION_CLOSE,
	WATCH_SUBSCRIPTION_OPEN,
	WATCH_SUBSCRIPTION_CLOSE,
	WATCH_SLOW,
	WATCH_LOG,
	WATCH_RELOAD,
	WATCH_DRAIN,
	WATCH_TOPICS
};

struct watch_ops {
	/* Whether there is an own topic of that name. */
	bool	(*knows)(void *ctx, struct slice topic);

	/* A subscription to own topics has begun or ended: set
	 * watch->wanted. */
	void	(*changed)(void *ctx);

	/* A session was opened, has logged in, or is closed.  code and reason
	 * are those of the close. */
	void	(*session)(void *ctx, enum watch_topic what,
		    const struct session *s, uint16_t code,
		    const char *reason);

	/* A subscription to a topic, which has now n subscribers, or to a
	 * prefix. */
	void	(*subscription)(void *ctx, enum watch_topic what,
		    const struct session *s, struct slice topic, size_t n);
	void	(*prefix)(void *ctx, enum watch_topic what,
		    const struct session *s, struct slice prefix);

	/* A receiver is "slow", loses events ("dropping"), has "recovered", or
	 * was "closed" meanwhile. */
	void	(*slow)(void *ctx, const struct session *s,
		    const char *state);

	/* Anything else.  members is the inside of a JSON object. */
	void	(*life)(void *ctx, enum watch_topic what,
		    struct slice members);
};

/* Zeroed: there are no own topics. */
struct watch {
	const struct watch_ops *ops;	/* static; or NULL */
	void	 *ctx;			/* borrowed */
	unsigned  wanted;		/* set of 1 << enum watch_topic that
					 * somebody watches */
};

static inline bool
watch_wants(const struct watch *w, enum watch_topic what)
{
	return (w->wanted & 1u << what) != 0;
}

/* Whether a topic or a prefix belongs to the broker. */
static inline bool
watch_is_own(struct slice name)
{
	return slice_starts(name, SLICE(WATCH_PREFIX));
}

/* Whether there is an own topic of that name. */
bool	watch_knows(const struct watch *w, struct slice topic);

/* Tell it.  Nothing happens if nobody watches. */
void	watch_tell_session(const struct watch *w, enum watch_topic what,
	    const struct session *s, uint16_t code, const char *reason);
void	watch_tell_slow(const struct watch *w, const struct session *s,
	    const char *state);
void	watch_tell_life(const struct watch *w, enum watch_topic what,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same; those who watch an own topic may also have changed. */
void	watch_tell_subscription(const struct watch *w, enum watch_topic what,
	    const struct session *s, struct slice topic, size_t n);
void	watch_tell_prefix(const struct watch *w, enum watch_topic what,
	    const struct session *s, struct slice prefix);
