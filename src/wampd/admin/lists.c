/*
 * lists.c: the procedures that list sessions and topics.
 */
#include "wampd/admin/lists.h"

#include <inttypes.h>
#include <stdio.h>

#include "proto/json.h"
#include "route/table.h"
#include "wampd/admin/listing.h"
#include "wampd/admin/page.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/history.h"
#include "wampd/core/ledger.h"
#include "wampd/core/prefix_sub.h"
#include "wampd/core/procedure.h"
#include "wampd/core/sub.h"

/* A session may have thousands of subscriptions, and a topic thousands of
 * subscribers.  So an item of a list has at most this many names, and the
 * number of the others. */
#define LISTED_NAMES	16
#define LISTED_BYTES	2048
#define LISTED_ALL	(16u << 20)	/* bytes of the answer; after them,
					 * items have no names */

/* The names of an item. */
struct names {
	struct buf *out;
	size_t	    room;		/* bytes that are left */
	unsigned    left;		/* names that are left */
	const char *comma;		/* before the next name */
	bool	    failed;		/* out of memory */
};

static struct names
names_begin(struct buf *out)
{
	bool full = out->len > LISTED_ALL;

	return (struct names){ .out = out, .room = full ? 0 : LISTED_BYTES,
	    .left = full ? 0 : LISTED_NAMES };
}

/* Begin a list; key is the text before its first name. */
static void
names_list(struct names *n, const char *key)
{
	n->comma = "";
	if (buf_add_str(n->out, key) == -1)
		n->failed = true;
}

/* Add a name, which is JSON, if there is room.  Whether there was. */
static bool
names_add(struct names *n, struct slice json)
{
	if (n->left == 0 || json.len > n->room)
		return false;
	if (buf_add_str(n->out, n->comma) == -1 ||
	    buf_add_slice(n->out, json) == -1)
		n->failed = true;
	n->comma = ",";
	n->room -= json.len;
	n->left--;
	return true;
}

/* End the lists, and append how many names were left out. */
static int
names_end(struct names *n, size_t more)
{
	return n->failed ? -1 : buf_addf(n->out, "],\"more\":%zu", more);
}

/* ---- sessions, oldest first ---- */

static const void *
session_first(const struct generation *g)
{
	return TAILQ_FIRST(&g->broker->sessions.open);
}

static const void *
session_next(const struct generation *g, const void *item)
{
	const struct session *s = item;

	(void)g;
	return TAILQ_NEXT(s, link);
}

/* Add topics while there is room.  How many were added. */
static size_t
add_topics(struct names *n, const struct session *s)
{
	const struct sub *sub = s->subs;
	size_t added = 0;
	unsigned i;

	for (i = 0; sub != NULL && i < LISTED_NAMES; i++, sub = sub->next)
		added += names_add(n, sub->topic->json);
	return added;
}

static size_t
add_prefixes(struct names *n, const struct session *s)
{
	struct buf json = { 0 };
	const struct prefix_sub *w;
	size_t added = 0;

	LIST_FOREACH(w, &s->broker->prefix_subs, link) {
		if (w->session != s || n->left == 0)
			continue;
		buf_reset(&json);
		if (json_quote(&json, buf_slice(&w->prefix)) == -1)
			n->failed = true;
		else
			added += names_add(n, buf_slice(&json));
	}
	buf_clear(&json);
	return added;
}

/* The topics and prefixes to which it is subscribed. */
static int
describe_subscriptions(const struct session *s, struct buf *out)
{
	struct names n = names_begin(out);
	size_t added;

	names_list(&n, ",\"topics\":[");
	added = add_topics(&n, s);
	names_list(&n, "],\"prefixes\":[");
	if (added < s->nsubs)
		added += add_prefixes(&n, s);
	return names_end(&n, s->nsubs - added);
}

static uint64_t
session_dropped(const struct session *s)
{
	return s->ledger != NULL ? s->ledger->dropped : 0;
}

static int
session_describe(struct broker *b, const void *item, struct buf *out)
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
	if (buf_addf(out, ",\"age\":%.3f,\"subscriptions\":%u",
	    (double)(b->now - s->opened) / 1e3, s->nsubs) == -1 ||
	    describe_subscriptions(s, out) == -1)
		goto out;
	rc = buf_addf(out, ",\"received\":%" PRIu64 ",\"queued\":%zu,"
	    "\"dropped\":%" PRIu64 ",\"paused\":%s,\"slow\":%s}", s->received,
	    s->queue.bytes, session_dropped(s), s->paused ? "true" : "false",
	    s->slow != NULL ? "true" : "false");
out:
	buf_clear(&address);
	return rc;
}

/* ---- pages of them ---- */

static double
session_age(struct broker *b, const void *item)
{
	const struct session *s = item;

	return (double)(b->now - s->opened);
}

static double
session_received(struct broker *b, const void *item)
{
	(void)b;
	return (double)((const struct session *)item)->received;
}

/* Looking at it is no change of the session. */
static double
session_rate(struct broker *b, const void *item)
{
	struct session *s = (struct session *)(uintptr_t)item;

	return speed_look(&s->speed, s->received, b->now, s->opened);
}

static double
session_queued(struct broker *b, const void *item)
{
	(void)b;
	return (double)((const struct session *)item)->queue.bytes;
}

static double
session_subscriptions(struct broker *b, const void *item)
{
	(void)b;
	return (double)((const struct session *)item)->nsubs;
}

static double
session_lost(struct broker *b, const void *item)
{
	(void)b;
	return (double)session_dropped(item);
}

static const void *
page_first_session(struct broker *b)
{
	return TAILQ_FIRST(&b->sessions.open);
}

static const void *
page_next_session(const void *item)
{
	return TAILQ_NEXT((const struct session *)item, link);
}

static struct slice
session_name(const void *item)
{
	return slice_str(((const struct session *)item)->id);
}

static const void *
session_find(struct broker *b, struct slice name)
{
	return sessions_find(&b->sessions, name);
}

static bool
session_is_slow(const void *item)
{
	return ((const struct session *)item)->slow != NULL;
}

static int
session_texts(const void *item, struct buf *out)
{
	const struct session *s = item;

	if (s->conn != NULL && s->ops->describe(s->conn, out) == -1)
		return -1;
	return buf_addf(out, "\n%s\n%s\n%s", s->id, s->ops->name,
	    s->principal->name);
}

/* What is in all lists, and the rate, as this is a look at it. */
static int
session_describe_rate(struct broker *b, const void *item, struct buf *out)
{
	if (session_describe(b, item, out) == -1)
		return -1;
	out->len--;
	return buf_addf(out, ",\"rate\":%.3f}", session_rate(b, item));
}

static const struct page_key session_keys[] = {
	{ "age", session_age },
	{ "dropped", session_lost },
	{ "queued", session_queued },
	{ "rate", session_rate },
	{ "received", session_received },
	{ "subscriptions", session_subscriptions },
	{ .name = NULL }
};

int
admin_sessions(struct call *c)
{
	static const struct listing_kind kind = {
		session_first, session_next, session_describe
	};
	static const struct page_kind page = {
		.keys = session_keys, .first = page_first_session,
		.next = page_next_session, .name = session_name,
		.find = session_find, .is_slow = session_is_slow,
		.texts = session_texts, .describe = session_describe_rate,
	};

	return admin_page_wanted(c) ? admin_page_call(c, &page) :
	    admin_listing_call(c, &kind);
}

/* ---- topics, in the order in which they came into use ---- */

static const void *
topic_first(const struct generation *g)
{
	return TAILQ_FIRST(&g->broker->topics.used);
}

static const void *
topic_next(const struct generation *g, const void *item)
{
	const struct topic *t = item;

	(void)g;
	return TAILQ_NEXT(t, link);
}

/* Its subscribers.  An id needs no escapes in JSON. */
static int
describe_subscribers(const struct topic *t, struct buf *out)
{
	struct names n = names_begin(out);
	char json[SESSION_ID_SIZE + 2];
	size_t i, added = 0;

	names_list(&n, ",\"sessions\":[");
	for (i = 0; i < t->n && i < LISTED_NAMES; i++) {
		(void)snprintf(json, sizeof(json), "\"%s\"",
		    t->members[i]->id);
		added += names_add(&n, slice_str(json));
	}
	return names_end(&n, t->n - added);
}

static int
topic_describe(struct broker *b, const void *item, struct buf *out)
{
	const struct topic *t = item;

	if (buf_add_str(out, "{\"topic\":") == -1 ||
	    buf_add_slice(out, t->json) == -1 ||
	    buf_addf(out, ",\"subscribers\":%zu,\"watchers\":%zu", t->n,
	    prefix_sub_count(b, t->name)) == -1 ||
	    describe_subscribers(t, out) == -1 ||
	    buf_addf(out, ",\"events\":%" PRIu64 ",\"retained\":%s,"
	    "\"history\":%zu,\"route\":", t->events,
	    t->retained != NULL ? "true" : "false",
	    t->history != NULL ? t->history->n : 0) == -1)
		return -1;
	if (t->route == NULL)
		return buf_add_str(out, "null}");
	if (json_quote(out, slice_str(t->route->name)) == -1 ||
	    buf_add_str(out, ",\"handler\":") == -1 ||
	    json_quote(out, slice_str(t->route->handler)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* ---- pages of them ---- */

static double
topic_events(struct broker *b, const void *item)
{
	(void)b;
	return (double)((const struct topic *)item)->events;
}

/* When it was made is not known: the first look only begins. */
static double
topic_rate(struct broker *b, const void *item)
{
	struct topic *t = (struct topic *)(uintptr_t)item;

	return speed_look(&t->speed, t->events, b->now, b->now);
}

static double
topic_subscribers(struct broker *b, const void *item)
{
	(void)b;
	return (double)((const struct topic *)item)->n;
}

static const void *
page_first_topic(struct broker *b)
{
	return TAILQ_FIRST(&b->topics.used);
}

static const void *
page_next_topic(const void *item)
{
	return TAILQ_NEXT((const struct topic *)item, link);
}

static struct slice
topic_name(const void *item)
{
	return ((const struct topic *)item)->name;
}

static const void *
topic_find_used(struct broker *b, struct slice name)
{
	return topic_find(&b->topics, name);
}

static int
topic_texts(const void *item, struct buf *out)
{
	const struct topic *t = item;

	if (buf_add_slice(out, t->name) == -1)
		return -1;
	return t->route == NULL ? 0 : buf_addf(out, "\n%s\n%s",
	    t->route->name, t->route->handler);
}

static int
topic_describe_rate(struct broker *b, const void *item, struct buf *out)
{
	if (topic_describe(b, item, out) == -1)
		return -1;
	out->len--;
	return buf_addf(out, ",\"rate\":%.3f}", topic_rate(b, item));
}

static const struct page_key topic_keys[] = {
	{ "events", topic_events },
	{ "rate", topic_rate },
	{ "subscribers", topic_subscribers },
	{ .name = NULL }
};

int
admin_topics(struct call *c)
{
	static const struct listing_kind kind = {
		topic_first, topic_next, topic_describe
	};
	static const struct page_kind page = {
		.keys = topic_keys, .first = page_first_topic,
		.next = page_next_topic, .name = topic_name,
		.find = topic_find_used, .texts = topic_texts,
		.describe = topic_describe_rate,
	};

	return admin_page_wanted(c) ? admin_page_call(c, &page) :
	    admin_listing_call(c, &kind);
}
