/*
 * admin_lists.c: the broker's procedures that list what there is.
 */
#include "wampd/admin_lists.h"

#include <inttypes.h>

#include "proto/json.h"
#include "route/table.h"
#include "wampd/broker.h"
#include "wampd/extra.h"
#include "wampd/listing.h"
#include "wampd/procedure.h"

/* ---- sessions, oldest first ---- */

static const void *
session_first(const struct broker *b)
{
	return TAILQ_FIRST(&b->sessions);
}

static const void *
session_next(const struct broker *b, const void *item)
{
	const struct session *s = item;

	(void)b;
	return TAILQ_NEXT(s, link);
}

static int
session_describe(const struct broker *b, const void *item, struct buf *out)
{
	const struct session *s = item;
	struct buf address = { 0 };
	int rc = -1;

	if (s->conn != NULL && s->ops->describe(s->conn, &address) == -1)
		goto out;
	if (buf_addf(out, "{\"session\":\"%s\",\"transport\":\"%s\","
	    "\"address\":", s->id, s->ops->name) == -1 ||
	    json_quote(out, buf_slice(&address)) == -1 ||
	    buf_add_str(out, ",\"principal\":") == -1 ||
	    json_quote(out, slice_str(s->principal->name)) == -1)
		goto out;
	rc = buf_addf(out, ",\"age\":%.3f,\"subscriptions\":%u,"
	    "\"received\":%" PRIu64 ",\"queued\":%zu,\"dropped\":%" PRIu64
	    ",\"paused\":%s}", (double)(b->now - s->opened) / 1e3, s->nsubs,
	    s->received, s->queue.bytes, s->extra != NULL ?
	    s->extra->dropped : 0, s->paused ? "true" : "false");
out:
	buf_clear(&address);
	return rc;
}

int
admin_sessions(struct call *c)
{
	static const struct listing_kind kind = {
		session_first, session_next, session_describe
	};

	return listing_call(c, &kind);
}

/* ---- topics, in the order in which they came into use ---- */

static const void *
topic_first(const struct broker *b)
{
	return TAILQ_FIRST(&b->used_topics);
}

static const void *
topic_next(const struct broker *b, const void *item)
{
	const struct topic *t = item;

	(void)b;
	return TAILQ_NEXT(t, link);
}

static int
topic_describe(const struct broker *b, const void *item, struct buf *out)
{
	const struct topic *t = item;

	(void)b;
	if (buf_add_str(out, "{\"topic\":") == -1 ||
	    buf_add_slice(out, t->json) == -1 ||
	    buf_addf(out, ",\"subscribers\":%zu,\"events\":%" PRIu64
	    ",\"retained\":%s,\"route\":", t->n, t->events,
	    t->retained != NULL ? "true" : "false") == -1)
		return -1;
	if (t->route == NULL)
		return buf_add_str(out, "null}");
	if (json_quote(out, slice_str(t->route->name)) == -1 ||
	    buf_add_str(out, ",\"handler\":") == -1 ||
	    json_quote(out, slice_str(t->route->handler)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
admin_topics(struct call *c)
{
	static const struct listing_kind kind = {
		topic_first, topic_next, topic_describe
	};

	return listing_call(c, &kind);
}

/* ---- routes, in their order ---- */

static const void *
route_first(const struct broker *b)
{
	return b->routes != NULL && routes_count(b->routes) > 0 ?
	    routes_at(b->routes, 0) : NULL;
}

static const void *
route_next(const struct broker *b, const void *item)
{
	size_t i = ((const struct route *)item)->index + 1;

	return i < routes_count(b->routes) ? routes_at(b->routes, i) : NULL;
}

static int
route_describe(const struct broker *b, const void *item, struct buf *out)
{
	const struct route *r = item;

	(void)b;
	if (buf_add_str(out, "{\"route\":") == -1 ||
	    json_quote(out, slice_str(r->name)) == -1 ||
	    buf_add_str(out, ",\"channel\":") == -1 ||
	    json_quote(out, slice_str(r->channel)) == -1 ||
	    buf_add_str(out, ",\"handler\":") == -1 ||
	    json_quote(out, slice_str(r->handler)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
admin_routes(struct call *c)
{
	static const struct listing_kind kind = {
		route_first, route_next, route_describe
	};

	return listing_call(c, &kind);
}
