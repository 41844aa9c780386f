/*
 * t_core_generation.c: a broker moves to a new generation of settings, routes
 * and handlers while it has subscriptions, events and requests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/diag.h"
#include "route/load.h"
#include "core_fake.h"
#include "tap.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/decide.h"
#include "wampd/core/publish.h"
#include "wampd/core/receive.h"
#include "wampd/core/request.h"
#include "wampd/core/turn.h"

#define PEERS	40
#define TOPICS	60

/* ---- handlers that count their subscribers ---- */

/* The state of a handler. */
struct members {
	long n;			/* subscribers of its topics */
	struct request_list waiting;
};

static int nfreed;

static int
members_init(struct handler *h, struct diags *d)
{
	struct members *m = calloc(1, sizeof(*m));

	(void)d;
	if (m == NULL)
		abort();
	TAILQ_INIT(&m->waiting);
	h->state = m;
	return 0;
}

static void
members_free(struct handler *h)
{
	struct members *m = h->state;

	/* Whoever holds a handler holds its generation. */
	if (m->n != 0 || !TAILQ_EMPTY(&m->waiting))
		abort();
	nfreed++;
	free(m);
}

static void
members_joined(struct handler *h, struct topic *t, struct session *s)
{
	(void)t;
	(void)s;
	((struct members *)h->state)->n++;
}

static void
members_left(struct handler *h, struct topic *t, struct session *s)
{
	(void)t;
	(void)s;
	((struct members *)h->state)->n--;
}

/* The event "later" is decided later. */
static enum verdict
members_publish(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	struct members *m = h->state;
	struct request *r;

	(void)e;
	if (!slice_eq(p->event, SLICE("later"))) {
		*delivered = publish_broadcast(p);
		return VERDICT_YES;
	}
	if ((r = request_publish(h, p)) == NULL)
		abort();
	TAILQ_INSERT_TAIL(&m->waiting, r, link);
	return VERDICT_LATER;
}

static const struct handler_type members_type = {
	.name = "broadcast",
	.init = members_init, .free = members_free,
	.joined = members_joined, .left = members_left,
	.publish = members_publish,
};

static const struct handler_type closed_type = { .name = "closed" };

static const struct handler_type *const types[] = { &members_type,
    &closed_type, NULL };

/* ---- generations ---- */

/* The parts of a generation with a route for t/{n} to the handler of that
 * name. */
static struct generation_parts
parts_of(const char *handler, struct diags *d)
{
	struct buf routes = { 0 }, handlers = { 0 };
	struct generation_parts parts;

	if (buf_addf(&routes, "r: {channel: 't/{n}', handler: {callback: %s}}"
	    "\n", handler) == -1 ||
	    buf_addf(&handlers, "%s: {type: broadcast, subscribe: anyone, "
	    "publish: anyone}\n", handler) == -1)
		abort();
	parts = core_parts(buf_slice(&routes), buf_slice(&handlers), d);
	buf_clear(&routes);
	buf_clear(&handlers);
	return parts;
}

static struct broker *
make_broker(void)
{
	struct broker_settings set = core_settings();
	struct diags d = { 0 };
	struct broker_parts parts = { .types = types };
	struct broker *b;

	set.limit_sessions = set.limit_subscriptions = 1000000;
	set.limit_memory_session = 1 << 30;
	parts.first = parts_of("first", &d);
	diag_clear(&d);
	b = core_broker(&set, &parts);
	nfreed = 0;
	return b;
}

static void
renew(struct broker *b, const char *handler)
{
	struct diags d = { 0 };
	struct generation_parts parts = parts_of(handler, &d);
	struct generation *g;
	struct errbuf e;

	if ((g = generation_new(b, &b->set, &parts, &e)) == NULL)
		abort();
	broker_renew(b, g);
	diag_clear(&d);
}

static struct handler *
newest_handler(struct broker *b)
{
	return b->generation->by_route[0];
}

static long
count_generations(struct broker *b)
{
	struct generation *g;
	long n = 0;

	LIST_FOREACH(g, &b->generations, link)
		n++;
	return n;
}

/* ---- peers ---- */

static struct core_peer peers[PEERS];

static const char *
topic_name(int n)
{
	static char name[16];

	(void)snprintf(name, sizeof(name), "t/%d", n);
	return name;
}

/* Subscribe each peer to each topic. */
static void
open_peers(struct broker *b)
{
	int i, n;

	for (i = 0; i < PEERS; i++) {
		core_peer_open(&peers[i], b);
		for (n = 0; n < TOPICS; n++)
			(void)receive_message(peers[i].session,
			    slice_str(topic_name(n)), false);
	}
}

static void
close_all(struct broker *b)
{
	int i;

	broker_free(b);
	for (i = 0; i < PEERS; i++)
		buf_clear(&peers[i].out);
}

static enum verdict
say(struct broker *b, const char *topic, const char *event, long *delivered)
{
	struct publication p = { .broker = b, .from = peers[0].session,
	    .topic = topic_obtain(&b->topics, slice_str(topic)),
	    .event = slice_str(event) };
	struct failure f;

	if (p.topic == NULL)
		abort();
	return publish(&p, delivered, &f);
}

/* How often the part occurs in the text. */
static long
occurs(const struct buf *text, const char *part)
{
	const char *at = text->len > 0 ? text->data : "";
	const char *end = at + text->len;
	size_t len = strlen(part);
	long n = 0;

	while ((at = memmem(at, (size_t)(end - at), part, len)) != NULL) {
		at += len;
		n++;
	}
	return n;
}

/* ---- the tests ---- */

static void
test_events(void)
{
	struct broker *b = make_broker();
	const struct members *m;
	long got, wrong = 0, delivered;
	int round, n, i;
	char event[32];

	open_peers(b);
	for (round = 0; round < 50; round++) {
		renew(b, round % 2 == 0 ? "even" : "odd");
		for (n = 0; n < TOPICS; n++) {
			(void)snprintf(event, sizeof(event), "<%d.%d>",
			    round, n);
			if (say(b, topic_name(n), event, &delivered) !=
			    VERDICT_YES || delivered != PEERS)
				wrong++;
			if (n % 7 == round % 7)
				(void)turn_end(b);
		}
	}
	(void)turn_end(b);
	tap_int(wrong, 0, "each event is queued to all subscribers");
	for (i = 0; i < PEERS; i++) {
		got = occurs(&peers[i].out, "<");
		if (got != 50L * TOPICS)
			wrong++;
	}
	tap_int(wrong, 0, "no session loses an event, or gets one twice");
	m = newest_handler(b)->state;
	tap_int(m->n, (long)PEERS * TOPICS,
	    "the newest handler has all subscribers");
	tap_int(count_generations(b), 1, "no older generation is left");
	/* That of the topics, the open one, and that of own topics. */
	tap_int(nfreed, 3 * 50, "the handlers of the others are freed");
	session_gone(peers[1].session, "left");
	(void)turn_end(b);
	tap_int(m->n, (long)(PEERS - 1) * TOPICS,
	    "the newest handler is told that a session leaves");
	close_all(b);
}

/* A request that an older handler has taken ends with that handler. */
static void
test_request(void)
{
	struct broker *b = make_broker();
	struct request *r;
	struct members *old;
	long delivered;

	open_peers(b);
	old = newest_handler(b)->state;
	if (say(b, "t/1", "later", &delivered) != VERDICT_LATER)
		abort();
	renew(b, "second");
	(void)turn_end(b);
	(void)turn_end(b);
	tap_int(count_generations(b), 2, "the request holds its generation");
	tap_int(old->n, 0, "the topics have moved to the newest");
	r = TAILQ_FIRST(&old->waiting);
	TAILQ_REMOVE(&old->waiting, r, link);
	decide_delivered(r, 0);
	tap_int(count_generations(b), 2,
	    "its generation is not freed while its handler runs");
	(void)turn_end(b);
	tap_int(count_generations(b), 1,
	    "its generation is freed at the end of the turn");
	close_all(b);
}

/* There are more topics than one turn moves.  A topic that is used moves at
 * once. */
static void
test_many(void)
{
	struct broker *b = make_broker();
	int n, turns = 0;

	open_peers(b);
	for (n = 0; n < 2 * TURN_TOPICS; n++)
		(void)receive_message(peers[0].session,
		    slice_str(topic_name(n)), false);
	(void)turn_end(b);
	renew(b, "second");
	(void)turn_end(b);
	tap_ok(topics_are_stale(&b->topics), "one turn does not move all");
	tap_ok(topic_obtain(&b->topics, slice_str(topic_name(n - 1)))->handler
	    == newest_handler(b), "a topic that is used has moved");
	renew(b, "third");
	while (topics_are_stale(&b->topics) && turns++ < 100)
		(void)turn_end(b);
	tap_ok(turns > 1 && turns < 100, "a few turns move all");
	tap_int(count_generations(b), 1, "no older generation is left");
	tap_int(((struct members *)newest_handler(b)->state)->n,
	    2L * TURN_TOPICS + (long)(PEERS - 1) * TOPICS,
	    "the newest handler has all subscribers");
	close_all(b);
}

/* After a reload, a topic may have no route any more, or have one again. */
static void
test_routes(void)
{
	struct broker *b = make_broker();
	struct diags d = { 0 };
	struct generation_parts none = { .diags = &d };
	struct broker_settings set = b->set;
	struct generation *g;
	struct topic *t;
	struct errbuf e;

	open_peers(b);
	t = topic_obtain(&b->topics, slice_str("t/1"));
	tap_ok(t->route != NULL && slice_eq(t->attributes,
	    SLICE("{\"n\":\"1\"}")), "a topic has a route and attributes");
	set.limit_subscriptions = 1;
	if ((g = generation_new(b, &set, &none, &e)) == NULL)
		abort();
	broker_renew(b, g);
	(void)turn_end(b);
	tap_ok(t->route == NULL && t->n == PEERS && slice_eq(t->attributes,
	    SLICE("{}")), "without routes it keeps its subscribers");
	tap_int(b->set.limit_subscriptions, 1, "the settings are the new ones");
	renew(b, "third");
	(void)turn_end(b);
	tap_ok(t->route != NULL && t->handler == newest_handler(b),
	    "the topic has a route again");
	close_all(b);
}

int
main(void)
{
	test_events();
	test_request();
	test_many();
	test_routes();
	return tap_done();
}
