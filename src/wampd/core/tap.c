/*
 * tap.c: parts of the broker that are told of accepted events and of time.
 */
#include "wampd/core/tap.h"

#include <stdlib.h>

#include "base/clock.h"

int
tap_add(struct tap_list *taps, const struct tap_ops *ops, void *ctx)
{
	struct tap *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return -1;
	t->ops = ops;
	t->ctx = ctx;
	STAILQ_INSERT_TAIL(taps, t, link);
	return 0;
}

void *
tap_find(const struct tap_list *taps, const struct tap_ops *ops)
{
	const struct tap *t;

	STAILQ_FOREACH(t, taps, link)
		if (t->ops == ops)
			return t->ctx;
	return NULL;
}

bool
taps_accepted(const struct tap_list *taps, struct topic *topic,
    struct slice event)
{
	const struct tap *t;
	bool claimed = false;

	STAILQ_FOREACH(t, taps, link)
		if (t->ops->accepted != NULL)
			claimed |= t->ops->accepted(t->ctx, topic, event);
	return claimed;
}

const struct tap_claim *
taps_claim(const struct tap_list *taps, struct slice topic)
{
	const struct tap_claim *claim = NULL;
	const struct tap *t;

	STAILQ_FOREACH(t, taps, link)
		if (claim == NULL && t->ops->claims != NULL)
			claim = t->ops->claims(t->ctx, topic);
	return claim;
}

int64_t
taps_save(const struct tap_list *taps)
{
	const struct tap *t;
	int64_t wait = -1;

	STAILQ_FOREACH(t, taps, link)
		if (t->ops->save != NULL)
			wait = clock_sooner(wait, t->ops->save(t->ctx));
	return wait;
}

int64_t
taps_tick(const struct tap_list *taps)
{
	const struct tap *t;
	int64_t wait = -1;

	STAILQ_FOREACH(t, taps, link)
		if (t->ops->tick != NULL)
			wait = clock_sooner(wait, t->ops->tick(t->ctx));
	return wait;
}

int
taps_info(const struct tap_list *taps, struct buf *out)
{
	const struct tap *t;

	STAILQ_FOREACH(t, taps, link)
		if (t->ops->info != NULL && t->ops->info(t->ctx, out) == -1)
			return -1;
	return 0;
}

void
taps_free(struct tap_list *taps)
{
	struct tap *t;

	while ((t = STAILQ_FIRST(taps)) != NULL) {
		STAILQ_REMOVE_HEAD(taps, link);
		t->ops->free(t->ctx);
		free(t);
	}
}
