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

struct broker;
struct topic;

/* A topic whose retained event is a tap's own business. */
struct tap_claim {
	const char *what;	/* "the maintenance state" */
	const char *changed_by;	/* the procedure that changes it */
};

/* Every function but free may be NULL. */
struct tap_ops {
	const char *name;

	/* An event was accepted on t.  True: what t retains is up to the tap,
	 * whatever the handler and the publisher say. */
	bool	(*accepted)(void *ctx, struct topic *t, struct slice event);

	/* The tap decides what that topic retains; or NULL. */
	const struct tap_claim *(*claims)(void *ctx, struct slice topic);

	/* Put on the disk what has changed: called each turn, before anyone is
	 * told.  In how many ms it must be called again, or -1. */
	int64_t	(*save)(void *ctx);

	/* Do what is due at broker->now.  In how many ms the next thing is, 0
	 * when there is more to do at once, or -1: nothing is. */
	int64_t	(*tick)(void *ctx);

	/* Append members to the answer of wampd.info, each with a comma in
	 * front.  0, or -1 when out of memory. */
	int	(*info)(void *ctx, struct buf *out);

	/* The broker ends; all sessions are gone. */
	void	(*free)(void *ctx);
};

struct tap {
	STAILQ_ENTRY(tap) link;		/* broker->taps */
	const struct tap_ops *ops;	/* static */
	void	*ctx;			/* owned by the tap */
};

STAILQ_HEAD(tap_list, tap);

/* Add one, which takes ctx.  0, or -1 when out of memory; then ctx stays the
 * caller's. */
int	tap_add(struct tap_list *taps, const struct tap_ops *ops, void *ctx);

/* The context of the tap with these functions, or NULL. */
void   *tap_find(const struct tap_list *taps, const struct tap_ops *ops);

/* Tell all.  Whether one of them takes care of what t retains. */
bool	taps_accepted(const struct tap_list *taps, struct topic *t,
	    struct slice event);

/* The claim that one of them has on that topic, or NULL. */
const struct tap_claim *taps_claim(const struct tap_list *taps,
	    struct slice topic);

/* Ask all; the soonest of what they say. */
int64_t	taps_save(const struct tap_list *taps);
int64_t	taps_tick(const struct tap_list *taps);

/* 0, or -1 when out of memory. */
int	taps_info(const struct tap_list *taps, struct buf *out);

void	taps_free(struct tap_list *taps);
