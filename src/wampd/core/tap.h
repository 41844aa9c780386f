/*
 * tap.h: parts of the broker that are told of accepted events and of time.
 *
 * A tap (maintenance, state on disk, other nodes) is handed to the broker when
 * it is made.  The core calls nobody by name: it tells its taps, in the order
 * in which they were added.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"

struct topic;

/* A topic whose retained event is a tap's own business. */
struct tap_claim {
	const char *what;	/* "the maintenance state" */
	const char *changed_by;	/* the procedure that changes it */
};

/* Every function but free may be NULL. */
struct tap_ops {
	const char *name;

	/* Whether accepted() is to be called for events on topics of that
	 * name: asked once for each topic.  NULL: for none. */
	bool	(*wants)(void *ctx, struct slice topic);

	/* An event was accepted on t.  True: what t retains is up to the tap,
	 * whatever the handler and the publisher say. */
	bool	(*accepted)(void *ctx, struct topic *t, struct slice event);

	/* The tap decides what that topic retains; or NULL. */
	const struct tap_claim *(*claims)(void *ctx, struct slice topic);

	/* Put on the disk what has changed, before anyone is told.  In how
	 * many ms it must be called again, or -1.  Called then, and after
	 * tap_stir(). */
	int64_t	(*save)(void *ctx);

	/* Do what is due at broker->now.  In how many ms the next thing is, 0
	 * when there is more to do in the next turn, or -1: nothing is.  Called
	 * then, and after tap_stir(). */
	int64_t	(*tick)(void *ctx);

	/* Append members to the answer of wampd.info, each with a comma in
	 * front.  0, or -1 when out of memory. */
	int	(*info)(void *ctx, struct buf *out);

	/* The broker ends; all sessions are gone. */
	void	(*free)(void *ctx);
};

struct tap {
	STAILQ_ENTRY(tap) link;		/* taps->all */
	struct taps *taps;		/* borrowed */
	const struct tap_ops *ops;	/* static */
	void	*ctx;			/* owned by the tap */
	int64_t	 tick_due;		/* ms, monotonic; or TAP_NEVER */
	int64_t	 save_due;		/* the same */
};

#define TAP_NEVER	INT64_MAX

struct taps {
	STAILQ_HEAD(, tap) all;
	int64_t	 tick_due;		/* the soonest of all */
	int64_t	 save_due;
};

void	taps_init(struct taps *taps);
void	taps_free(struct taps *taps);

/* Add one, which takes ctx.  NULL when out of memory; then ctx stays the
 * caller's. */
struct tap *tap_add(struct taps *taps, const struct tap_ops *ops, void *ctx);

/* Something happened: let it save and tick in this turn. */
void	tap_stir(struct tap *t);

/* Whether one of them is to be told of events on that topic. */
bool	taps_want(const struct taps *taps, struct slice topic);

/* Tell those who want it.  Whether one of them takes care of what t retains. */
bool	taps_accepted(const struct taps *taps, struct topic *t,
	    struct slice event);

/* The claim that one of them has on that topic, or NULL. */
const struct tap_claim *taps_claim(const struct taps *taps,
	    struct slice topic);

int64_t	taps_save_due(struct taps *taps, int64_t now);
int64_t	taps_tick_due(struct taps *taps, int64_t now);

static inline int64_t
taps_wait(int64_t due, int64_t now)
{
	return due == TAP_NEVER ? -1 : due > now ? due - now : 0;
}

/* Let those save, or tick, that are due.  In how many ms to call again, or
 * -1. */
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

/* 0, or -1 when out of memory. */
int	taps_info(const struct taps *taps, struct buf *out);
