/*
 * tap.c: parts of the broker outside of the core that follow accepted events.
 */
#include "wampd/core/tap.h"

#include <stdlib.h>

#include "proto/json.h"
#include "wampd/core/topic.h"

void
taps_init(struct taps *taps)
{
	STAILQ_INIT(&taps->all);
	taps->tick_due = taps->save_due = TAP_NEVER;
}

void
taps_free(struct taps *taps)
{
	struct tap *t;

	while ((t = STAILQ_FIRST(&taps->all)) != NULL) {
		STAILQ_REMOVE_HEAD(&taps->all, link);
		t->ops->free(t->ctx);
		free(t);
	}
}

struct tap *
tap_new(const struct tap_ops *ops, void *ctx)
{
	struct tap *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ops = ops;
	t->ctx = ctx;
	return t;
}

void
tap_join(struct taps *taps, struct tap *t)
{
	t->taps = taps;
	tap_stir(t);
	STAILQ_INSERT_TAIL(&taps->all, t, link);
}

void
tap_free(struct tap *t)
{
	if (t != NULL && t->taps != NULL)
		STAILQ_REMOVE(&t->taps->all, t, tap, link);
	free(t);
}

struct tap *
tap_add(struct taps *taps, const struct tap_ops *ops, void *ctx)
{
	struct tap *t = tap_new(ops, ctx);

	if (t != NULL)
		tap_join(taps, t);
	return t;
}

void
tap_stir(struct tap *t)
{
	t->tick_due = t->save_due = 0;
	t->taps->tick_due = t->taps->save_due = 0;
}

/* ---- events ---- */

static bool
tap_wants(const struct tap *t, struct slice topic)
{
	return t->ops->wants != NULL && t->ops->wants(t->ctx, topic);
}

bool
taps_want(const struct taps *taps, struct slice topic)
{
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (tap_wants(t, topic))
			return true;
	return false;
}

bool
taps_accepted(const struct taps *taps, struct topic *topic,
    struct slice event)
{
	const struct tap *t;
	bool claimed = false;

	STAILQ_FOREACH(t, &taps->all, link)
		if (tap_wants(t, topic->name))
			claimed |= t->ops->accepted(t->ctx, topic, event);
	return claimed;
}

const struct tap_claim *
taps_claim(const struct taps *taps, struct slice topic)
{
	const struct tap_claim *claim = NULL;
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (claim == NULL && t->ops->claims != NULL)
			claim = t->ops->claims(t->ctx, topic);
	return claim;
}

void
taps_tell_stranger(const struct taps *taps, struct session *s)
{
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (t->ops->stranger != NULL)
			t->ops->stranger(t->ctx, s);
}

const struct principal *
taps_find_key(const struct taps *taps, struct slice name)
{
	const struct principal *p = NULL;
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (p == NULL && t->ops->find_key != NULL)
			p = t->ops->find_key(t->ctx, name);
	return p;
}

/* ---- time ---- */

static int64_t
due_after(int64_t wait, int64_t now)
{
	return wait == -1 ? TAP_NEVER : now + wait;
}

int64_t
taps_save_due(struct taps *taps, int64_t now)
{
	struct tap *t;

	taps->save_due = TAP_NEVER;
	STAILQ_FOREACH(t, &taps->all, link) {
		if (t->save_due <= now)
			t->save_due = t->ops->save == NULL ? TAP_NEVER :
			    due_after(t->ops->save(t->ctx), now);
		if (t->save_due < taps->save_due)
			taps->save_due = t->save_due;
	}
	return taps_wait(taps->save_due, now);
}

/* A tap that is stirred during its tick, or after it, ticks again in the next
 * turn. */
int64_t
taps_tick_due(struct taps *taps, int64_t now)
{
	struct tap *t;
	int64_t wait;

	STAILQ_FOREACH(t, &taps->all, link) {
		if (t->tick_due > now)
			continue;
		t->tick_due = TAP_NEVER;
		wait = t->ops->tick == NULL ? -1 : t->ops->tick(t->ctx);
		if (t->tick_due == TAP_NEVER)
			t->tick_due = due_after(wait, now);
	}
	taps->tick_due = TAP_NEVER;
	STAILQ_FOREACH(t, &taps->all, link)
		if (t->tick_due < taps->tick_due)
			taps->tick_due = t->tick_due;
	return taps_wait(taps->tick_due, now);
}

int
taps_info(const struct taps *taps, struct buf *out)
{
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (t->ops->info != NULL && t->ops->info(t->ctx, out) == -1)
			return -1;
	return 0;
}

bool
taps_are_unsaved(const struct taps *taps)
{
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (t->ops->unsaved != NULL && t->ops->unsaved(t->ctx))
			return true;
	return false;
}

/* ---- handing over ---- */

int
taps_hand_over(const struct taps *taps, struct buf *out)
{
	const char *before = "{";
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link) {
		if (t->ops->hand_over == NULL)
			continue;
		if (buf_addf(out, "%s\"%s\":", before, t->ops->name) == -1 ||
		    t->ops->hand_over(t->ctx, out) == -1)
			return -1;
		before = ",";
	}
	return buf_add_str(out, before[0] == '{' ? "{}" : "}");
}

int
taps_take_over(const struct taps *taps, struct slice json, struct errbuf *e)
{
	const struct tap *t;
	struct json_elem part;

	STAILQ_FOREACH(t, &taps->all, link) {
		if (t->ops->take_over == NULL ||
		    !json_member(json, t->ops->name, &part))
			continue;
		if (t->ops->take_over(t->ctx, part.text, e) == -1) {
			err_wrap(e, "%s", t->ops->name);
			return -1;
		}
	}
	return 0;
}

void
taps_handed_over(const struct taps *taps, bool done)
{
	const struct tap *t;

	STAILQ_FOREACH(t, &taps->all, link)
		if (t->ops->handed_over != NULL)
			t->ops->handed_over(t->ctx, done);
}
