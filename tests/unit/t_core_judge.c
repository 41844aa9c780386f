/*
 * t_core_judge.c: what a new generation does to subscriptions and handlers: the
 * forbidden end, the others do not notice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/declare.h"
#include "route/diag.h"
#include "route/load.h"
#include "core_fake.h"
#include "tap.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/receive.h"
#include "wampd/core/turn.h"

#define PEERS	20

/* ---- a handler that counts ---- */

struct state {
	struct handler *owner;
};

static long njoined, nleft;

static int
count_init(struct handler *h, struct diags *d)
{
	struct state *s = calloc(1, sizeof(*s));

	(void)d;
	if (s == NULL)
		abort();
	s->owner = h;
	h->state = s;
	return 0;
}

static void
count_free(struct handler *h)
{
	if (((struct state *)h->state)->owner != h)
		abort();
	free(h->state);
}

static void
count_joined(struct handler *h, struct topic *t, struct session *s)
{
	(void)h;
	(void)t;
	(void)s;
	njoined++;
}

static void
count_left(struct handler *h, struct topic *t, struct session *s)
{
	(void)h;
	(void)t;
	(void)s;
	nleft++;
}

static void
count_inherit(struct handler *h, struct handler *before)
{
	struct state *fresh = h->state;

	h->state = before->state;
	((struct state *)h->state)->owner = h;
	before->state = fresh;
	fresh->owner = before;
}

static const struct handler_type count_type = {
	.name = "broadcast", .init = count_init, .free = count_free,
	.joined = count_joined, .left = count_left, .inherit = count_inherit,
};
static const struct handler_type closed_type = { .name = "closed" };
static const struct handler_type *const types[] = { &count_type,
    &closed_type, NULL };

/* ---- generations ---- */

/* A route of that channel, whose handler has those keys. */
static struct generation_parts
parts_of(const char *channel, const char *keys, struct diags *d)
{
	struct buf routes = { 0 }, handlers = { 0 };
	struct generation_parts parts;

	if (buf_addf(&routes, "r: {channel: '%s', handler: {callback: h}}\n",
	    channel) == -1 ||
	    buf_addf(&handlers, "h: {type: broadcast, %s}\n", keys) == -1)
		abort();
	parts = core_parts(buf_slice(&routes), buf_slice(&handlers), d);
	buf_clear(&routes);
	buf_clear(&handlers);
	return parts;
}

static struct broker *
make_broker(const char *keys)
{
	struct broker_settings set = core_settings();
	struct diags d = { 0 };
	struct broker_parts parts = { .types = types };

	set.limit_sessions = set.limit_subscriptions = 1000000;
	set.limit_memory_session = 1 << 30;
	parts.first = parts_of("t/{n}", keys, &d);
	njoined = nleft = 0;
	return core_broker(&set, &parts);
}

/* Renew it; the handlers are compared, as a reload does. */
static void
renew(struct broker *b, const char *channel, const char *keys)
{
	struct diags d = { 0 };
	struct generation_parts parts = parts_of(channel, keys, &d);
	struct buf differs = { 0 };
	struct generation *g;
	struct errbuf e;

	if (declare_compare(&differs, declare_at(b->generation->declared, 0),
	    declare_at(parts.declared, 0)) == -1)
		abort();
	if (differs.len == 0)
		declare_set_unchanged(parts.declared, 0);
	buf_clear(&differs);
	if ((g = generation_new(b, &b->set, &parts, &e)) == NULL)
		abort();
	broker_renew(b, g);
}

/* ---- peers ---- */

static struct core_peer peers[PEERS];

static void
open_peers(struct broker *b, const char *topic)
{
	int i;

	for (i = 0; i < PEERS; i++) {
		core_peer_open_ws(&peers[i], b, false);
		(void)receive_message(peers[i].session, slice_str(topic),
		    false);
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

/* How many peers were written this since the last call. */
static long
count_told(const char *part)
{
	long n = 0;
	int i;

	for (i = 0; i < PEERS; i++)
		n += core_peer_got(&peers[i], part);
	return n;
}

static size_t
count_members(struct broker *b, const char *topic)
{
	const struct topic *t = topic_find(&b->topics, slice_str(topic));

	return t != NULL ? t->n : 0;
}

/* ---- the tests ---- */

static void
test_rights(void)
{
	struct broker *b = make_broker("subscribe: anyone");

	open_peers(b, "t/1");
	(void)turn_end(b);
	renew(b, "t/{n}", "subscribe: anyone, rate: 5");
	(void)turn_end(b);
	tap_int((long)count_members(b, "t/1"), PEERS, "who may stays");
	tap_int(b->sessions.n, PEERS, "and is not closed");
	renew(b, "t/{n}", "subscribe: 'role:admin'");
	(void)turn_end(b);
	tap_int((long)count_members(b, "t/1"), 0, "who may not leaves");
	tap_int((long)b->stats.subscriptions_ended, PEERS, "is counted");
	(void)turn_end(b);
	tap_int(count_told("after a reload"), PEERS, "is told");
	tap_int(b->sessions.n, PEERS, "and stays connected");
	tap_ok(!judge_is_due(&b->judge), "that is all");
	tap_int(njoined - nleft, 0, "handlers know of each");
	close_all(b);
}

static void
test_routes(void)
{
	struct broker *b = make_broker("subscribe: anyone");

	open_peers(b, "t/1");
	renew(b, "other/{n}", "subscribe: anyone");
	(void)turn_end(b);
	tap_int((long)count_members(b, "t/1"), 0, "without a route, it ends");
	close_all(b);
}

/* More than one turn may judge, while members come and go. */
static void
test_bound(void)
{
	struct broker *b = make_broker("subscribe: anyone");
	struct core_peer *many = calloc(3 * TURN_JUDGED, sizeof(*many));
	int i, turns = 0;

	for (i = 0; i < 3 * TURN_JUDGED; i++) {
		core_peer_open_ws(&many[i], b, false);
		(void)receive_message(many[i].session, SLICE("t/1"), false);
	}
	renew(b, "t/{n}", "subscribe: nobody");
	(void)turn_end(b);
	tap_int((long)b->stats.subscriptions_ended, TURN_JUDGED,
	    "a turn has a bound");
	for (i = 0; i < 100; i++)
		session_gone(many[i].session, "left");
	while (judge_is_due(&b->judge) && turns++ < 100)
		(void)turn_end(b);
	tap_int((long)count_members(b, "t/1"), 0, "further turns do the rest");
	tap_ok(turns > 1 && turns < 10, "a few");
	broker_free(b);
	for (i = 0; i < 3 * TURN_JUDGED; i++)
		buf_clear(&many[i].out);
	free(many);
}

static void
test_unchanged(void)
{
	struct broker *b = make_broker("subscribe: anyone");
	uint64_t id = b->generation->by_route[0]->id;
	void *state = b->generation->by_route[0]->state;

	open_peers(b, "t/1");
	renew(b, "t/{n}", "subscribe: anyone");
	tap_ok(b->generation->by_route[0]->id == id, "it is the same handler");
	tap_ok(b->generation->by_route[0]->state == state,
	    "with the same state");
	/* Before the topic has moved. */
	session_gone(peers[0].session, "left");
	peers[0].session = NULL;
	(void)turn_end(b);
	(void)turn_end(b);
	tap_int(njoined, PEERS, "nobody joins again");
	tap_int(nleft, 1, "nobody leaves but who does");
	renew(b, "t/{n}", "subscribe: anyone, rate: 7");
	(void)turn_end(b);
	tap_ok(b->generation->by_route[0]->id != id, "a changed one is new");
	tap_int(njoined - nleft, PEERS - 1, "which is told of all");
	tap_int((long)b->generation->number, 3, "generations are counted");
	close_all(b);
}

int
main(void)
{
	test_rights();
	test_routes();
	test_bound();
	test_unchanged();
	return tap_done();
}
