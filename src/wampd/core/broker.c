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
	TAILQ_INIT(&b->pressure.chokes);
	TAILQ_INIT(&b->due);
	TAILQ_INIT(&b->cursors);
	sessions_init(&b->sessions);
	topics_init(&b->topics, b);
	taps_init(&b->taps);
	LIST_INIT(&b->prefix_subs);
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
	if (flush_init(&b->flush) == -1)
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
	while ((s = TAILQ_FIRST(&b->sessions.open)) != NULL)
		session_doom(s, 0, "the server stops");
	while ((s = TAILQ_FIRST(&b->sessions.doomed)) != NULL)
		lobby_free(s);
	retained_forget(b);
	taps_free(&b->taps);
	procedures_clear(&b->procedures);
	topics_clear(&b->topics);
	map_clear(&b->sessions.by_id);
	shared_free(b);
	handlers_free(b);
	declare_free(b->declared);
	routes_free(b->routes);
	queue_pool_trim(&b->pressure.pool, 0);
	buf_clear(&b->scratch_uri);
	buf_clear(&b->scratch_text);
	buf_clear(&b->scratch_out);
	flush_clear(&b->flush);
	free(b);
}
