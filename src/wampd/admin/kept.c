/*
 * kept.c: the procedures that show what topics keep.
 */
#include "wampd/admin/kept.h"

#include <inttypes.h>

#include "base/clock.h"
#include "wampd/admin/kept_ask.h"
#include "wampd/admin/page.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/event.h"
#include "wampd/core/guard.h"
#include "wampd/core/history.h"
#include "wampd/core/retain.h"
#include "wampd/core/sub.h"

/* ---- retained events ---- */

static const struct event *
retained_of(const void *topic)
{
	return ((const struct topic *)topic)->retained;
}

static double
retained_age(struct broker *b, const void *item)
{
	return (double)(b->now - retained_of(item)->born);
}

static double
retained_bytes(struct broker *b, const void *item)
{
	(void)b;
	return (double)retained_of(item)->len;
}

/* An event without an end is retained longest. */
static double
retained_left(struct broker *b, const void *item)
{
	return (double)(retain_end(retained_of(item)) - b->now);
}

static const void *
first_topic(struct broker *b)
{
	return TAILQ_FIRST(&b->topics.used);
}

static const void *
next_topic(const void *item)
{
	return TAILQ_NEXT((const struct topic *)item, link);
}

static bool
is_retaining(const void *item)
{
	return retained_of(item) != NULL;
}

static struct slice
topic_name(const void *item)
{
	return ((const struct topic *)item)->name;
}

static const void *
find_retaining(struct broker *b, struct slice name)
{
	const struct topic *t = topic_find(&b->topics, name);

	return t != NULL && t->retained != NULL ? t : NULL;
}

static int
add_name(const void *item, struct buf *out)
{
	return buf_add_slice(out, topic_name(item));
}

static int
add_retained(struct broker *b, const void *item, struct buf *out)
{
	const struct event *ev = retained_of(item);
	char iso[CLOCK_ISO_SIZE];

	if (buf_add_str(out, "{\"topic\":") == -1 ||
	    buf_add_slice(out, ((const struct topic *)item)->json) == -1 ||
	    buf_addf(out, ",\"bytes\":%zu,\"time\":\"%s\",\"age\":%.3f",
	    ev->len, clock_iso_of(iso, ev->at),
	    (double)(b->now - ev->born) / 1000) == -1)
		return -1;
	if (ev->until == 0)
		return buf_add_str(out, ",\"expires\":null}");
	return buf_addf(out, ",\"expires\":\"%s\"}",
	    clock_iso_of(iso, ev->until));
}

int
admin_retained(struct call *c)
{
	static const struct page_key keys[] = {
		{ "age", retained_age },
		{ "bytes", retained_bytes },
		{ "expires", retained_left },
		{ .name = NULL }
	};
	static const struct page_kind page = {
		.keys = keys, .first = first_topic, .next = next_topic,
		.wants = is_retaining, .name = topic_name,
		.find = find_retaining, .texts = add_name,
		.describe = add_retained,
	};

	return admin_page_call(c, &page);
}

/* ---- histories ---- */

#define HISTORY_LIMIT	1000	/* events of an answer; the default is 100 */
#define HISTORY_BYTES	262144	/* an answer with more gets no more events */

struct history_ask {
	struct replay_ask kept;
	int64_t		  after;	/* the number of the last event that the
					 * caller has */
	int64_t		  limit;
};

static int
read_number(struct call *c, const struct json_elem *value, int64_t *out,
    int64_t least, int64_t most, const char *what)
{
	if (value->type == JSON_NUMBER && json_int(out, value) &&
	    *out >= least && *out <= most)
		return 1;
	return call_bad_argument(c, what);
}

/* 1; 0 if there is no such option; or -1 with c->failure filled. */
static int
read_option(struct call *c, struct slice key, const struct json_elem *value,
    struct history_ask *ask)
{
	if (slice_eq(key, SLICE("\"after\"")))
		return read_number(c, value, &ask->after, 0, INT64_MAX,
		    "after must be the number of an event");
	if (slice_eq(key, SLICE("\"limit\"")))
		return read_number(c, value, &ask->limit, 1, HISTORY_LIMIT,
		    "limit must be a number from 1 to 1000");
	return kept_ask_option(c, key, value, &ask->kept);
}

static int
read_options(struct call *c, struct history_ask *ask)
{
	struct json_elem key, value;
	struct slice rest;
	int rc;

	if (c->nargs > 2 || (c->nargs == 2 && c->arg[1].type != JSON_OBJECT))
		return call_bad_argument(c, "arguments: topic[, options]");
	if (c->nargs < 2)
		return 0;
	rest = json_inside(c->arg[1].text);
	while (json_next_member(&rest, &key, &value))
		if ((rc = read_option(c, key.text, &value, ask)) != 1)
			return rc == -1 ? -1 : call_bad_argument(c,
			    "the options are last, since, after and limit");
	return 0;
}

/* Whether the caller may subscribe to t.  If a program decides about that, it
 * is not asked here: the caller must have subscribed.  0, or -1 with c->failure
 * filled. */
static int
check_right(struct call *c, struct topic *t)
{
	const struct session *s = c->to.session;
	struct handler *h = t->handler;
	enum verdict may = VERDICT_YES;
	struct errbuf *e = &c->failure.reason;

	c->failure.kind = h == NULL ? FAILURE_NO_ROUTE : FAILURE_FORBIDDEN;
	if (h == NULL) {
		err_set(e, "no route matches the topic");
		return -1;
	}
	if (!guard_permits(h, DECLARE_SUBSCRIBE, s->principal, t->name)) {
		err_set(e, "%s may not subscribe here", s->principal->name);
		return -1;
	}
	if (h->type->may != NULL)
		may = h->type->may(h, DECLARE_SUBSCRIBE, t, s->principal, e);
	if (may == VERDICT_LATER && !sub_exists(&c->broker->topics, t,
	    c->to.session)) {
		err_set(e, "a program decides who may subscribe: subscribe "
		    "first, or use wampd.replay");
		return -1;
	}
	return may == VERDICT_NO ? -1 : 0;
}

static int
add_event(struct buf *out, const struct topic *t, const struct event *ev)
{
	char iso[CLOCK_ISO_SIZE];

	if (buf_addf(out, "%c{\"number\":%" PRIu64 ",\"time\":\"%s\","
	    "\"topic\":", out->len > 0 ? ',' : '[', ev->number,
	    clock_iso_of(iso, ev->at)) == -1 ||
	    buf_add_slice(out, t->json) == -1 ||
	    buf_add_str(out, ",\"event\":") == -1 ||
	    buf_add_slice(out, event_json(ev)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

static int
add_events(struct buf *out, const struct topic *t,
    const struct history_ask *ask, int64_t now)
{
	const struct history *h = t->history;
	const struct event *ev;
	size_t i, n = h != NULL ? h->n : 0;
	int64_t added = 0;

	i = h != NULL ? history_find(h, (uint64_t)ask->after + 1) : 0;
	if (ask->kept.last > 0 && n - i > (size_t)ask->kept.last)
		i = n - (size_t)ask->kept.last;
	if (ask->kept.age >= 0 && h != NULL)
		i = history_find_born(h, i, now - ask->kept.age);
	for (; i < n && added < ask->limit && out->len < HISTORY_BYTES; i++) {
		ev = history_at(h, i);
		if (ev->at < ask->kept.since)
			continue;
		if (add_event(out, t, ev) == -1)
			return -1;
		added++;
	}
	return buf_add_str(out, out->len > 0 ? "]" : "[]");
}

int
admin_history(struct call *c)
{
	struct history_ask ask = { .kept = { .since = REPLAY_ANY, .age = -1 },
	    .limit = 100 };
	struct topic *t = kept_ask_topic(c);

	if (t == NULL || read_options(c, &ask) == -1 ||
	    check_right(c, t) == -1)
		return -1;
	return add_events(c->out, t, &ask, c->broker->now) == -1 ?
	    call_out_of_memory(c) : 0;
}
