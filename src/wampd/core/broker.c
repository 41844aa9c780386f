/*
 * broker.c: the one structure everything hangs off.
 */
#include "wampd/core/broker.h"

#include <stdlib.h>

#include "base/clock.h"
#include "route/declare.h"
#include "route/table.h"
#include "wampd/core/handler.h"
#include "wampd/core/lobby.h"
#include "wampd/core/retained.h"
#include "wampd/core/shared.h"


static void
broker_init(struct broker *b, const struct broker_settings *set,
    const struct broker_parts *parts)
{
	b->set = *set;
	TAILQ_INIT(&b->sessions);
	TAILQ_INIT(&b->doomed);
	TAILQ_INIT(&b->alive);
	TAILQ_INIT(&b->chokes);
	TAILQ_INIT(&b->due);
	TAILQ_INIT(&b->used_topics);
	TAILQ_INIT(&b->idle_topics);
	TAILQ_INIT(&b->cursors);
	taps_init(&b->taps);
	LIST_INIT(&b->prefix_subs);
	b->dirty_tail = &b->dirty;
	b->backlog_tail = &b->backlog;
	map_init(&b->session_by_id, session_key);
	map_init(&b->topics, topic_key);
	map_init(&b->subs, sub_key);
	b->started = b->now = clock_ms();
	b->wall = clock_wall_ms;
	b->routes = parts->routes;
	b->declared = parts->declared;
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
		declare_free(parts->declared);
		routes_free(parts->routes);
		return NULL;
	}
	broker_init(b, set, parts);
	if ((b->batch = malloc(BROKER_BATCH)) == NULL)
		err_set(e, "out of memory");
	else if (handlers_make(b, parts->diags, e) == 0)
		return b;
	broker_free(b);
	return NULL;
}

void
broker_free(struct broker *b)
{
	struct session *s;

	if (b == NULL)
		return;
	while ((s = TAILQ_FIRST(&b->sessions)) != NULL)
		session_doom(s, 0, "the server stops");
	while ((s = TAILQ_FIRST(&b->doomed)) != NULL)
		lobby_free(s);
	retained_forget(b);
	taps_free(&b->taps);
	procedures_clear(&b->procedures);
	topic_free_all(b);
	map_clear(&b->session_by_id);
	shared_free(b);
	handlers_free(b);
	declare_free(b->declared);
	routes_free(b->routes);
	queue_pool_trim(&b->pool, 0);
	buf_clear(&b->scratch_uri);
	buf_clear(&b->scratch_text);
	buf_clear(&b->scratch_out);
	free(b->batch);
	free(b);
}
