/*
 * tap.h: parts of the broker outside of the core that follow accepted events.
 *
 * Maintenance is such a tap; state on disk and other nodes will be.  The core
 * does not know them by name.  It calls the functions of all taps in the order
 * in which they were added.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct principal;
struct session;
struct topic;

/* Describes a topic whose retained event a tap decides about. */
struct tap_claim {
	const char *what;	/* "the maintenance state" */
	const char *changed_by;	/* the procedure that changes it */
};

/* Every function but free may be NULL. */
struct tap_ops {
	const char *name;

	/* Whether to call accepted() for events on the topic.  Asked when the
	 * topic is made, and after a reload.  NULL: for no topic. */
	bool	(*wants)(void *ctx, struct slice topic);

	/* An event was accepted on t.  Returns true if the tap decides what t
	 * retains: then the broker does not retain the event. */
	bool	(*accepted)(void *ctx, struct topic *t, struct slice event);

	/* The claim, if the tap decides what the topic retains, or NULL. */
	const struct tap_claim *(*claims)(void *ctx, struct slice topic);

	/* Save changes to the disk.  Called before messages about them are
	 * sent.  Returns in how many ms to call it again, or -1 for never.
	 * Called then, and after tap_stir(). */
	int64_t	(*save)(void *ctx);

	/* Do what is due at broker->now.  Returns in how many ms the next thing
	 * is due, 0 if there is more to do in the next turn, or -1 for never.
	 * Called then, and after tap_stir(). */
	int64_t	(*tick)(void *ctx);

	/* The session of a stranger was opened.  NULL: not told. */
	void	(*stranger)(void *ctx, struct session *s);

	/* Whom the key of that name proves; borrowed.  NULL: there is no such
	 * key, or the tap has none. */
	const struct principal *(*find_key)(void *ctx, struct slice name);

	/* Append members to the answer of wampd.info, each with a comma in
	 * front.  Returns 0, or -1 when out of memory. */
	int	(*info)(void *ctx, struct buf *out);

	/* Whether it has changes that it could not write to the disk. */
	bool	(*unsaved)(void *ctx);

	/* Append what another process needs to know to take over, as one JSON
	 * value.  0, or -1 when out of memory. */
	int	(*hand_over)(void *ctx, struct buf *out);

	/* Take that over from another process, in a broker that does not
	 * listen yet.  0, or -1 with *e filled: it cannot be read. */
	int	(*take_over)(void *ctx, struct slice json, struct errbuf *e);

	/* After hand_over().  done: another process has taken over, so change
	 * no file any more.  Otherwise it has not, and all goes on. */
	void	(*handed_over)(void *ctx, bool done);

	/* The broker ends.  All sessions are freed. */
	void	(*free)(void *ctx);
};

struct tap {
	STAILQ_ENTRY(tap) link;		/* taps->all */
	struct taps *taps;		/* borrowed; NULL: it has not joined */
	const struct tap_ops *ops;	/* static */
	void	*ctx;			/* owned by the tap */
	int64_t	 tick_due;		/* ms, monotonic; or TAP_NEVER */
	int64_t	 save_due;		/* the same */
};

#define TAP_NEVER	INT64_MAX

struct taps {
	STAILQ_HEAD(, tap) all;
	int64_t	 tick_due;		/* the soonest of all */
	int64_t	 save_due;		/* the soonest of all */
};

void	taps_init(struct taps *taps);

/* Free all taps. */
void	taps_free(struct taps *taps);

/* Add a tap; takes ctx.  Returns NULL when out of memory; then the caller keeps
 * ctx. */
struct tap *tap_add(struct taps *taps, const struct tap_ops *ops, void *ctx);

/* The same in three steps, for whoever comes and goes while the broker runs.
 * tap_new() may be called in any thread; NULL when out of memory.  After
 * tap_join() it is one of the taps, which then free it and ctx at the end.
 * tap_free() frees a tap alone, not ctx; if it has joined, not from within one
 * of its own functions.  NULL is fine. */
struct tap *tap_new(const struct tap_ops *ops, void *ctx);
void	tap_join(struct taps *taps, struct tap *t);
void	tap_free(struct tap *t);

/* Let the tap save and tick in this turn, because something has changed. */
void	tap_stir(struct tap *t);

/* Whether a tap was stirred since the taps have ticked. */
static inline bool
taps_are_stirred(const struct taps *taps)
{
	return taps->tick_due == 0;
}

/* Whether a tap wants events on that topic. */
bool	taps_want(const struct taps *taps, struct slice topic);

/* Tell the taps that want it.  Returns whether one of them decides what t
 * retains. */
bool	taps_accepted(const struct taps *taps, struct topic *t,
	    struct slice event);

/* The first claim of a tap on that topic, or NULL. */
const struct tap_claim *taps_claim(const struct taps *taps,
	    struct slice topic);

/* Tell the taps that the session of a stranger was opened. */
void	taps_tell_stranger(const struct taps *taps, struct session *s);

/* Whom the key of that name proves, which a tap has; or NULL. */
const struct principal *taps_find_key(const struct taps *taps,
	    struct slice name);

/* For the inline functions below. */
int64_t	taps_save_due(struct taps *taps, int64_t now);
int64_t	taps_tick_due(struct taps *taps, int64_t now);

static inline int64_t
taps_wait(int64_t due, int64_t now)
{
	return due == TAP_NEVER ? -1 : due > now ? due - now : 0;
}

/* Let the taps that are due save, or tick.  Returns in how many ms to call it
 * again, or -1 for never. */
static inline int64_t
taps_save(struct taps *taps, int64_t now)
{
	return taps->save_due > now ? taps_wait(taps->save_due, now) :
	    taps_save_due(taps, now);
}

static inline int64_t
taps_tick(struct taps *taps, int64_t now)
{
	return taps->tick_due > now ? taps_wait(taps->tick_due, now) :
	    taps_tick_due(taps, now);
}

/* Append what all taps hand over: {"maintenance":…,"blocks":…}.  0, or -1 when
 * out of memory. */
int	taps_hand_over(const struct taps *taps, struct buf *out);

/* Give each tap its part of that.  Parts of taps that we do not have are left
 * out.  0, or -1 with *e filled. */
int	taps_take_over(const struct taps *taps, struct slice json,
	    struct errbuf *e);

/* Tell the taps whether another process has taken over. */
void	taps_handed_over(const struct taps *taps, bool done);

/* Append the members of all taps; see struct tap_ops.  Returns 0, or -1 when
 * out of memory. */
int	taps_info(const struct taps *taps, struct buf *out);

/* Whether a tap has changes that it could not write. */
bool	taps_are_unsaved(const struct taps *taps);
