/*
 * t_wampd_handlers.c: what each type of handler decides, and what is done
 * around every one of them.
 */
#include <stdlib.h>
#include <string.h>

#include "route/diag.h"
#include "fake.h"
#include "tap.h"
#include "wampd/core/ledger.h"

/* A broker with routes and handlers given as YAML. */
static struct broker *
broker_of(const struct broker_settings *set, const char *routes,
    const char *handlers)
{
	const struct broker_parts parts = fake_parts(routes, handlers);

	return fake_broker_of(set, &parts);
}

/* A WebSocket peer that is a user. */
static struct fake_peer *
open_admin(struct broker *b)
{
	static const char *const roles[] = { "editor", NULL };
	struct fake_peer *p = fake_open(b, WIRE_WS);
	struct session *s = p->session;

	principal_unref(s->principal);
	s->principal = principal_new(WHO_ANYONE | WHO_AUTHENTICATED, "admin",
	    7, roles);
	if (s->principal == NULL)
		abort();
	return p;
}

/* ---- types ---- */

/* The core knows no type but those that it is given. */
static void
test_no_type(void)
{
	static const struct handler_type *const none[] = { NULL };
	struct broker_settings set = fake_settings();
	struct diags d = { 0 };
	const struct broker_parts parts = { .types = none, .first.diags = &d };
	struct errbuf e;

	tap_ok(broker_new(&set, &parts, &e) == NULL, "no broker without");
	tap_str(e.msg, "the configuration has 2 errors", "it says that");
	tap_str(d.v[0].text, "there is no type for the handler \"open\"",
	    "and why");
	diag_clear(&d);
}

/* ---- who may ---- */

static void
test_lists(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "a: { channel: a, handler: { callback: a } }\n"
	    "b: { channel: b, handler: { callback: b } }\n",
	    "a: { type: broadcast, subscribe: ['user:admin'],\n"
	    "     publish: ['role:editor'] }\n"
	    "b: { type: broadcast }\n");
	struct fake_peer *user = open_admin(b);
	struct fake_peer *other = fake_open(b, WIRE_WS);
	struct fake_peer *local = fake_open(b, WIRE_LINE);

	fake_say(other, "[5,\"a\"]");
	fake_say(user, "[5,\"a\"]");
	fake_say(other, "[7,\"a\",1]");
	fake_say(local, "[7,\"a\",2]");
	fake_say(user, "[7,\"a\",3]");
	tap_str(fake_hear(user), "TEXT [8,\"a\",3]\n",
	    "the named user hears, the role publishes");
	tap_str(fake_hear(other), "", "others do neither");
	fake_say(other, "[5,\"b\"]");
	fake_say(user, "[7,\"b\",1]");
	fake_say(local, "[7,\"b\",2]");
	tap_str(fake_hear(other), "TEXT [8,\"b\",2]\n",
	    "where nothing is said, all listen and local peers publish");
	fake_end(b);
}

static void
test_around(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "a: { channel: a, handler: { callback: a } }\n",
	    "a: { type: broadcast, max_size: 10, retain: true,\n"
	    "     rate: { events: 2, burst: 3 } }\n");
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *late = fake_open(b, WIRE_WS);
	int i;

	fake_say(p, "[7,\"a\",\"%010d\"]", 1);
	tap_ok(strstr(fake_hear(p), "larger than max_size") != NULL,
	    "max_size");
	for (i = 0; i < 5; i++)
		fake_say(p, "[7,\"a\",%d]", i);
	tap_int(p->session->ledger->tally.accepted, 3, "the burst passes");
	broker_set_now(b, 1000);
	for (i = 5; i < 10; i++)
		fake_say(p, "[7,\"a\",%d]", i);
	tap_int(p->session->ledger->tally.accepted, 5,
	    "then so many a second");
	fake_say(late, "[5,\"a\"]");
	tap_str(fake_hear(late), "TEXT [8,\"a\",6]\n",
	    "retain: who comes later gets the last event");
	fake_end(b);
}

/* What is kept is bounded: a new topic costs its name, too. */
static void
test_retained_limit(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p, *late;
	int i;

	set.limit_retained = 4096;
	b = broker_of(&set, "a: { channel: 'a/{x}', handler: a }\n"
	    "q: { channel: 'q/{x}', handler: q }\n",
	    "a: { type: broadcast, retain: true }\n"
	    "q: { type: jq,\n"
	    "     publish: '{event, topic: \"a/own\"}' }\n");
	p = fake_open(b, WIRE_LINE);
	for (i = 0; i < 100; i++)
		fake_say(p, "[7,\"a/%d\",\"%0100d\"]", i, i);
	tap_ok(strstr(fake_hear(p), "limits.retained is reached") != NULL,
	    "one more is refused");
	tap_ok(p->session->ledger->tally.accepted < 12 &&
	    p->session->ledger->tally.refused > 80, "many are");
	fake_say(p, "[7,\"a/0\",\"new\"]");
	tap_str(fake_hear(p), "", "there is room in place of an old one");
	fake_say(p, "[7,\"q/1\",\"%0200d\"]", 1);
	late = fake_open(b, WIRE_WS);
	fake_say(late, "[5,\"a/0\"]");
	fake_say(late, "[5,\"a/own\"]");
	tap_str(fake_hear(late), "TEXT [8,\"a/0\",\"new\"]\n",
	    "what a handler makes is not kept either");
	fake_say(p, "[2,\"1\",\"wampd.forget\",\"a/1\"]");
	fake_say(p, "[2,\"2\",\"wampd.forget\",\"a/1\"]");
	tap_str(fake_hear(p), "[3,\"1\",{\"forgotten\":1}]\n"
	    "[3,\"2\",{\"forgotten\":0}]\n", "until one is forgotten");
	fake_say(p, "[7,\"a/new\",1]");
	tap_str(fake_hear(p), "", "and makes room");
	fake_end(b);
}

/* ---- secured ---- */

static void
test_secured(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "mail:\n"
	    "  channel: 'mail/{user_id}/{org}'\n"
	    "  handler: { callback: mail }\n"
	    "  requirements:\n"
	    "    user_id: { pattern: '\\d+', wildcard: true }\n"
	    "sync:\n"
	    "  channel: 'sync/{user_id}'\n"
	    "  handler: { callback: sync }\n"
	    "  requirements:\n"
	    "    user_id: { pattern: '\\d+', wildcard: true }\n",
	    "mail: { type: secured }\n"
	    "sync: { type: secured, wildcard: true }\n");
	struct fake_peer *user = open_admin(b);
	struct fake_peer *nobody = fake_open(b, WIRE_WS);
	struct fake_peer *local = fake_open(b, WIRE_LINE);

	fake_say(user, "[5,\"mail/7/1\"]");
	fake_say(user, "[5,\"mail/8/1\"]");
	fake_say(user, "[5,\"mail/70/1\"]");
	fake_say(user, "[5,\"mail/0007/*\"]");
	fake_say(user, "[5,\"mail/*/1\"]");
	tap_int(user->session->nsubs, 2, "one's own topics, however written");
	fake_say(user, "[5,\"sync/*\"]");
	fake_say(nobody, "[5,\"sync/*\"]");
	fake_say(nobody, "[5,\"sync/0\"]");
	fake_say(nobody, "[5,\"mail/0/1\"]");
	tap_int(user->session->nsubs, 3, "the wildcard where it is allowed");
	tap_int(nobody->session->nsubs, 1, "even for nobody in particular");
	fake_say(local, "[5,\"mail/7/1\"]");
	tap_int(local->session->nsubs, 1, "local peers may listen anywhere");
	fake_end(b);
}

/* ---- many ---- */

#define MANY	200	/* handlers */

static size_t
count_due(const struct broker *b)
{
	const struct handler *h;
	size_t n = 0;

	TAILQ_FOREACH(h, &b->due, due_link)
		n++;
	return n;
}

/* A turn looks at those that have something to do, however many there are. */
static void
test_many(void)
{
	struct broker_settings set = fake_settings();
	struct buf routes = { 0 }, handlers = { 0 };
	struct fake_peer *p;
	struct broker *b;
	int i;

	for (i = 0; i < MANY; i++)
		if (buf_addf(&routes, "r%d: { channel: 't/%d', handler: "
		    "{ callback: h%d } }\n", i, i, i) == -1 ||
		    buf_addf(&handlers, "h%d: { type: ping, interval: %d }\n",
		    i, i % 7 + 1) == -1)
			abort();
	b = broker_of(&set, buf_cstr(&routes), buf_cstr(&handlers));
	p = fake_open(b, WIRE_LINE);
	(void)fake_turn(b);
	tap_int((int64_t)count_due(b), 0, "none has anything to do");
	tap_ok(b->generation->told == NULL, "nor asks who comes and goes");
	for (i = 0; i < 10; i++)
		fake_say(p, "[5,\"t/%d\"]", i);
	tap_int((int64_t)count_due(b), 10, "those that were asked have");
	tap_int(fake_turn(b), 1000, "and the soonest is due next");
	tap_int((int64_t)count_due(b), 10, "each waits for its time");
	for (i = 0; i < 10; i++)
		fake_say(p, "[6,\"t/%d\"]", i);
	(void)fake_turn(b);
	tap_int((int64_t)count_due(b), 0, "until nobody needs it");
	buf_clear(&routes);
	buf_clear(&handlers);
	fake_end(b);
}

/* ---- ping ---- */

static void
test_ping(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "p: { channel: 'ping/{n}', handler: { callback: p } }\n",
	    "p: { type: ping, interval: 50, message: alive }\n");
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);
	int i;

	tap_int(fake_turn(b), -1, "no timer without subscribers");
	for (i = 0; i < 100; i++) {
		fake_say(p, "[5,\"ping/1\"]");
		fake_say(q, "[5,\"ping/1\"]");
		fake_say(q, "[6,\"ping/1\"]");
	}
	tap_int(fake_turn(b), 50000, "one timer, whoever comes and goes");
	broker_set_now(b, 49999);
	tap_str(fake_hear(p), "", "not before its time");
	broker_set_now(b, 50000);
	tap_str(fake_hear(p), "[8,\"ping/1\",\"alive\"]\n", "in time");
	fake_say(q, "[5,\"ping/2\"]");
	broker_set_now(b, 100000);
	tap_str(fake_hear(p), "[8,\"ping/1\",\"alive\"]\n", "and again");
	tap_str(fake_hear(q), "[8,\"ping/2\",\"alive\"]\n",
	    "each topic has its own");
	fake_say(p, "[7,\"ping/1\",1]");
	tap_ok(strstr(fake_hear(p), "only the broker") != NULL,
	    "nobody else publishes there");
	fake_say(p, "[6,\"ping/1\"]");
	fake_leave(q);
	fake_turn(b);
	tap_int(fake_turn(b), -1, "the last subscriber takes it away");
	fake_end(b);
}

/* ---- jq ---- */

static void
test_jq(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "e: { channel: 'errors/{app}', handler: { callback: e } }\n"
	    "s: { channel: 'sum/{method}', handler: { callback: s } }\n",
	    "e:\n"
	    "  type: jq\n"
	    "  subscribe: '.attributes.app != \"secret\"'\n"
	    "  publish: >-\n"
	    "    if .event == \"boom\" then error(\"x\")\n"
	    "    elif .event == \"twice\" then {event:1},{event:2,\n"
	    "      topic:\"errors/all\"}\n"
	    "    else select(.event.level == \"error\") | {event} end\n"
	    "s: { type: jq, call: 'if .attributes.method == \"add\" then\n"
	    "  .args | add else error(\"no\") end' }\n");
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);

	fake_say(ws, "[5,\"errors/secret\"]");
	fake_say(ws, "[5,\"errors/shop\"]");
	fake_say(ws, "[5,\"errors/all\"]");
	fake_settle(b);
	tap_int(ws->session->nsubs, 2, "subscribe: the program says who");
	fake_say(p, "[7,\"errors/shop\",{\"level\":\"info\"}]");
	fake_say(p, "[7,\"errors/shop\",{\"level\":\"error\",\"n\":"
	    "12345678901234567890, \"a\":1.0}]");
	tap_str(fake_hear(ws), "TEXT [8,\"errors/shop\",{\"level\":\"error\","
	    "\"n\":12345678901234567890, \"a\":1.0}]\n",
	    "publish: filtered, and the bytes are as they came");
	fake_say(p, "[7,\"errors/shop\",\"twice\"]");
	tap_str(fake_hear(ws), "TEXT [8,\"errors/shop\",1]\n"
	    "TEXT [8,\"errors/all\",2]\n", "one event may become several");
	(void)fake_hear(p);
	fake_say(p, "[7,\"errors/shop\",\"boom\"]");
	tap_str(fake_hear(p), "[4,\"errors/shop\","
	    "\"wampd.error.not_permitted\",\"the handler failed\"]\n",
	    "a program that fails refuses that one");
	fake_say(p, "[2,\"i\",\"wampd.barrier\"]");
	tap_ok(strstr(fake_hear(p), "\"accepted\":3,\"refused\":1") != NULL,
	    "all are accounted for");
	fake_say(p, "[2,\"i\",\"sum/add\",1,2,3]");
	tap_str(fake_hear(p), "[3,\"i\",[6]]\n",
	    "call: the result, as Gos hands it on");
	fake_say(p, "[2,\"i\",\"sum/sub\",1]");
	tap_str(fake_hear(p), "[4,\"i\",\"sum/sub\",\"the handler failed\","
	    "{\"code\":500}]\n", "a call that fails");
	fake_say(p, "[2,\"i\",\"errors/shop\"]");
	tap_ok(strstr(fake_hear(p), "\"code\":404") != NULL,
	    "a topic without call program is no procedure");
	fake_end(b);
}

static void
test_jq_spec(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;

	set.compat = WAMP_COMPAT_SPEC;
	b = broker_of(&set, "s: { channel: s, handler: { callback: s } }\n",
	    "s: { type: jq, call: '.args[0] | if . == 0 then error(\"x\")\n"
	    "  else . end' }\n");
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[2,\"i\",\"s\",null]");
	tap_str(fake_hear(p), "[3,\"i\",null]\n", "a result as it is (spec)");
	fake_say(p, "[2,\"i\",\"s\",0]");
	tap_str(fake_hear(p), "[4,\"i\",\"http://api.wamp.ws/error#generic\","
	    "\"the handler failed\"]\n", "a failure without details (spec)");
	fake_end(b);
}

/* Programs count a session's events in its attributes. */
static void
test_jq_notes(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "a: { channel: 'a/{x}', handler: a }\n",
	    "a:\n"
	    "  type: jq\n"
	    "  subscribe: '{attributes: {n: 0, x: .topic}}'\n"
	    "  publish: >-\n"
	    "    if .event == \"bad\" then {attributes: 1}\n"
	    "    elif .event == \"much\" then {attributes: {n: 9,\n"
	    "      y: (\"y\" * 20000)}}\n"
	    "    elif .event == \"both\" then {attributes: {x: 1}},\n"
	    "      {attributes: {y: (\"y\" * 20000)}}\n"
	    "    elif .event == \"less\" then {attributes: {x: null}}\n"
	    "    else (.session.attributes.n + 1) as $n | {event: $n,\n"
	    "      attributes: {n: $n}} end\n");
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[5,\"a/1\"]");
	fake_settle(b);
	tap_slice(ledger_attributes(p->session), "{ \"n\":0,\"x\":\"a/1\"}",
	    "subscribe notes");
	fake_say(p, "[7,\"a/1\",0]");
	fake_say(p, "[7,\"a/1\",0]");
	tap_str(fake_hear(p), "[8,\"a/1\",1]\n[8,\"a/1\",2]\n",
	    "publish reads and notes");
	fake_say(p, "[7,\"a/1\",\"bad\"]");
	fake_say(p, "[7,\"a/1\",\"much\"]");
	fake_say(p, "[7,\"a/1\",\"both\"]");
	fake_say(p, "[7,\"a/1\",\"less\"]");
	tap_str(fake_hear(p),
	    "[4,\"a/1\",\"wampd.error.not_permitted\","
	    "\"the handler failed\"]\n"
	    "[4,\"a/1\",\"wampd.error.not_permitted\","
	    "\"the handler failed\"]\n"
	    "[4,\"a/1\",\"wampd.error.not_permitted\","
	    "\"the handler failed\"]\n", "what cannot be noted is refused");
	tap_slice(ledger_attributes(p->session), "{ \"n\":2}",
	    "and nothing is noted of it; null takes away");
	fake_end(b);
}

/* Both who may and a program; and one that never ends. */
static void
test_jq_bounds(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = broker_of(&set,
	    "a: { channel: a, handler: a }\nb: { channel: b, handler: b }\n",
	    "a: { type: jq, publish: { who: local, program: 'true' } }\n"
	    "b: { type: jq, timeout: 10ms, publish: 'last(repeat(1))' }\n");
	struct fake_peer *local = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);

	fake_say(ws, "[5,\"a\"]");
	fake_say(ws, "[7,\"a\",1]");
	fake_say(local, "[7,\"a\",2]");
	tap_str(fake_hear(ws), "TEXT [8,\"a\",2]\n",
	    "who may not is not asked for a program");
	fake_say(local, "[7,\"b\",1]");
	tap_str(fake_hear(local), "[4,\"b\",\"wampd.error.not_permitted\","
	    "\"the handler's program took too long\"]\n",
	    "a program without end has one");
	fake_end(b);
}

/* ---- attributes ---- */

static void
test_attributes(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct buf large = { 0 };

	tap_slice(ledger_attributes(p->session), "{}", "none at first");
	tap_int(ledger_set_attributes(p->session,
	    SLICE("{\"a\":1,\"b\":[2]}")), 0, "set");
	tap_int(ledger_set_attributes(p->session,
	    SLICE("{\"c\":{},\"a\":null}")), 0, "changed");
	tap_slice(ledger_attributes(p->session), "{ \"b\":[2],\"c\":{}}",
	    "null takes one away");
	if (buf_addf(&large, "{\"a\":\"%0*d\"}", ATTRIBUTES_MAX, 1) == -1)
		abort();
	tap_int(ledger_set_attributes(p->session,
	    buf_slice(&large)), -1, "not without end");
	buf_clear(&large);
	tap_slice(ledger_attributes(p->session), "{ \"b\":[2],\"c\":{}}",
	    "and then nothing is changed");
	fake_end(b);
}

int
main(void)
{
	test_no_type();
	test_lists();
	test_around();
	test_retained_limit();
	test_secured();
	test_many();
	test_ping();
	test_jq();
	test_jq_spec();
	test_jq_notes();
	test_jq_bounds();
	test_attributes();
	return tap_done();
}
