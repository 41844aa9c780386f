/*
 * broker.c: the structure that everything belongs to.
 */
#include "wampd/core/broker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wampd/core/history.h"
#include "wampd/core/lobby.h"
#include "wampd/core/retain.h"
#include "wampd/core/shared.h"
#include "wampd/core/sub.h"

static void
broker_init(struct broker *b, const struct broker_parts *parts)
{
	LIST_INIT(&b->generations);
	TAILQ_INIT(&b->pressure.slow);
	TAILQ_INIT(&b->due);
	TAILQ_INIT(&b->cursors);
	sessions_init(&b->sessions);
	sources_init(&b->sources);
	topics_init(&b->topics, b);
	subs_init(&b->topics);
	name_table_init(&b->names);
	taps_init(&b->taps);
	saved_init(&b->saved);
	LIST_INIT(&b->prefix_subs);
	TAILQ_INIT(&b->replays);
	pause_init(&b->throttle.pause);
	b->started = b->now = clock_ms();
	b->wall = clock_wall_ms;
	b->wall_started = b->wall();
	b->types = parts->types;
	b->children = parts->children;
	b->children_ctx = parts->children_ctx;
	b->loop = parts->loop;
	b->loop_ctx = parts->loop_ctx;
}

struct broker *
broker_new(const struct broker_settings *set,
    const struct broker_parts *parts, struct errbuf *e)
{
	struct broker *b;

	if ((b = calloc(1, sizeof(*b))) == NULL) {
		err_set(e, "out of memory");
		generation_parts_clear(&parts->first);
		return NULL;
	}
	broker_init(b, parts);
	b->set = *set;
	throttle_set(b);
	b->generation = generation_new(b, set, &parts->first, e);
	if (b->generation != NULL && flush_init(&b->flush) == 0) {
		b->generation->number = 1;
		b->generation->loaded = b->wall();
		return b;
	}
	if (b->generation != NULL)
		err_set(e, "out of memory");
	broker_free(b);
	return NULL;
}

void
broker_renew(struct broker *b, struct generation *g)
{
	struct generation *before = b->generation;

	g->number = before->number + 1;
	g->loaded = b->wall();
	b->generation = g;
	b->set = g->set;
	throttle_set(b);
	generation_inherit(g, before);
	generation_release(before);
	topics_renew(&b->topics);
	judge_begin(b);
}

/* Drop what the topics keep, without telling the keeper. */
static void
keep_nothing(struct broker *b)
{
	struct topics *all = &b->topics;
	struct topic *t, *next;

	b->keep.ops = NULL;
	for (t = TAILQ_FIRST(&all->used); t != NULL; t = next) {
		next = TAILQ_NEXT(t, link);
		(void)history_drop(all, t, SIZE_MAX, KEEP_CLEARED);
		retain_drop(all, t, KEEP_CLEARED);
	}
}

void
broker_free(struct broker *b)
{
	struct session *s;

	if (b == NULL)
		return;
	lobby_empty(b);
	while ((s = TAILQ_FIRST(&b->sessions.open)) != NULL)
		session_doom(s, 0, "the server stops");
	while ((s = TAILQ_FIRST(&b->sessions.doomed)) != NULL)
		lobby_free(s);
	keep_nothing(b);
	taps_free(&b->taps);
	procedures_clear(&b->procedures);
	topics_clear(&b->topics);
	map_clear(&b->sessions.by_id);
	deadlines_clear(&b->sessions.expiries);
	shared_free(b);
	generations_clear(&b->generations);
	sources_clear(&b->sources);
	name_table_clear(&b->names);
	queue_pool_trim(&b->pressure.pool, 0);
	buf_clear(&b->scratch_uri);
	buf_clear(&b->scratch_text);
	buf_clear(&b->scratch_out);
	flush_clear(&b->flush);
	free(b);
}
