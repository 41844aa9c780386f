/*
 * t_wampd_jq.c: jq programs that run in processes of their own: order, notes,
 * what a lost process costs, and who waits for whom.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "route/diag.h"
#include "fake.h"
#include "tap.h"
#include "wampd/core/ledger.h"
#include "wampd/handlers/jq_pool.h"

/* One handler for a/..., one for b/..., whose programs do as the event says. */
static struct broker *
broker_new_jq(const struct broker_settings *set)
{
	const struct broker_parts parts = fake_parts(
	    "a: { channel: 'a/{x}', handler: a }\n"
	    "b: { channel: 'b/{x}', handler: b }\n"
	    "c: { channel: 'c/{x}', handler: c }\n",
	    "a:\n"
	    "  type: jq\n"
	    "  timeout: 50ms\n"
	    "  publish: >-\n"
	    "    .event as $e | if $e == \"loop\" then last(repeat(1))\n"
	    "    elif $e == \"much\" then {event: ([] | .[1e8] = 1)}\n"
	    "    elif $e == \"who\" then {event: .session.id}\n"
	    "    elif $e == \"wrong\" then\n"
	    "      {event: 0, topic: 1, attributes: {n: 1000}}\n"
	    "    elif $e == \"count\" then\n"
	    "      ((.session.attributes.n // 0) + 1) as $n |\n"
	    "      {event: $n, attributes: {n: $n}}\n"
	    "    else {event} end\n"
	    "  call: '.args[0] | if . == \"loop\" then last(repeat(1))\n"
	    "    else . end'\n"
	    "b: { type: jq, publish: '{event}', subscribe: '.topic != \"b/x\"' "
	    "}\n"
	    "c:\n"
	    "  type: jq\n"
	    "  timeout: 10m\n"
	    "  publish: 'if .event == \"loop\" then last(repeat(1))\n"
	    "    else {event} end'\n");

	return fake_broker_of(set, &parts);
}

static struct broker *
start(void)
{
	struct broker_settings set = fake_settings();

	return broker_new_jq(&set);
}

/* ---- order ---- */

/* All events there are, in their order, and all of them counted. */
static void
test_order(void)
{
	struct broker *b = start();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	struct buf want = { 0 };
	int i, paused = 0;

	fake_say(ws, "[5,\"a/1\"]");
	fake_say(ws, "[5,\"b/1\"]");
	fake_settle(b);
	for (i = 0; i < 3000; i++) {
		paused += p->paused;
		fake_say(p, "[7,\"%s\",%d]", i % 3 ? "a/1" : "b/1", i);
		(void)buf_addf(&want, "TEXT [8,\"%s\",%d]\n",
		    i % 3 ? "a/1" : "b/1", i);
	}
	fake_say(p, "[2,\"i\",\"wampd.barrier\"]");
	tap_ok(has(fake_hear(p), "{\"accepted\":3000,\"refused\":0,"
	    "\"delivered\":3000,"), "all are counted, once decided");
	tap_ok(strcmp(fake_hear(ws), buf_cstr(&want)) == 0,
	    "all are there, in their order, of two topics");
	tap_ok(paused > 0 && !p->paused,
	    "who publishes too fast is not read for a while");
	buf_clear(&want);
	fake_end(b);
}

/* ---- notes ---- */

/* Each sees what the one before has noted, also when many are under way. */
static void
test_notes(void)
{
	struct broker *b = start();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	struct buf want = { 0 };
	int i;

	fake_say(ws, "[5,\"a/1\"]");
	fake_settle(b);
	for (i = 1; i <= 200; i++) {
		fake_say(p, "[7,\"a/1\",\"count\"]");
		(void)buf_addf(&want, "TEXT [8,\"a/1\",%d]\n", i);
	}
	(void)fake_hear(p);
	tap_str(fake_hear(ws), buf_cstr(&want), "counted without a gap");
	tap_slice(ledger_attributes(p->session), "{ \"n\":200}",
	    "and noted");
	/* Those that are refused note nothing. */
	buf_reset(&want);
	for (i = 201; i <= 300; i++) {
		fake_say(p, "[7,\"a/1\",\"count\"]");
		if (i % 3 == 0)
			fake_say(p, "[7,\"a/1\",\"wrong\"]");
		(void)buf_addf(&want, "TEXT [8,\"a/1\",%d]\n", i);
	}
	(void)fake_hear(p);
	tap_str(fake_hear(ws), buf_cstr(&want),
	    "counted without what was refused");
	/* It leaves; what it has sent goes on, and counts on. */
	buf_reset(&want);
	for (i = 301; i <= 330; i++) {
		fake_say(p, "[7,\"a/1\",\"count\"]");
		(void)buf_addf(&want, "TEXT [8,\"a/1\",%d]\n", i);
	}
	fake_say(p, "[7,\"a/1\",\"who\"]");
	(void)buf_addf(&want, "TEXT [8,\"a/1\",\"%s\"]\n", p->id);
	fake_leave(p);
	tap_str(fake_hear(ws), buf_cstr(&want),
	    "who has left is still known to programs");
	buf_clear(&want);
	fake_end(b);
}

/* ---- what a lost process costs ---- */

static void
test_lost(const char *evil, const char *said)
{
	struct broker *b = start();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *other = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	struct buf want = { 0 };
	const char *heard;
	int i;

	fake_say(ws, "[5,\"a/1\"]");
	fake_settle(b);
	for (i = 0; i < 40; i++) {
		if (i == 20)
			fake_say(p, "[7,\"a/1\",\"%s\"]", evil);
		fake_say(p, "[7,\"a/1\",%d]", i);
		(void)buf_addf(&want, "TEXT [8,\"a/1\",%d]\n", i);
		if (i % 4 == 0)
			fake_say(other, "[7,\"a/2\",%d]", i);
	}
	fake_say(p, "[2,\"i\",\"wampd.barrier\"]");
	fake_say(other, "[2,\"i\",\"wampd.barrier\"]");
	heard = fake_hear(p);
	tap_ok(has(heard, said) && has(heard, "\"accepted\":40,\"refused\":1"),
	    "%s: refused, and no other", evil);
	tap_ok(has(fake_hear(other), "\"accepted\":10,\"refused\":0"),
	    "%s: nothing of another session's", evil);
	tap_str(fake_hear(ws), buf_cstr(&want), "%s: order is kept", evil);
	tap_int(b->stats.jq_lost, 1, "%s: one process was lost", evil);
	fake_say(p, "[7,\"a/1\",7]");
	tap_str(fake_hear(ws), "TEXT [8,\"a/1\",7]\n",
	    "%s: another one goes on", evil);
	buf_clear(&want);
	fake_end(b);
}

static void
test_lost_call(void)
{
	struct broker *b = start();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"i\",\"a/1\",1]");
	fake_say(p, "[2,\"j\",\"a/1\",\"loop\"]");
	fake_say(p, "[2,\"k\",\"a/1\",2]");
	tap_str(fake_hear(p), "[3,\"i\",[1]]\n[4,\"j\",\"a/1\","
	    "\"the handler's program took too long\",{\"code\":500}]\n"
	    "[3,\"k\",[2]]\n", "a call is answered all the same");
	fake_end(b);
}

/* Ended by others, while it is idle. */
static void
test_killed(void)
{
	struct broker *b = start();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	size_t i;

	fake_say(ws, "[5,\"a/1\"]");
	fake_say(p, "[7,\"a/1\",1]");
	fake_settle(b);
	for (i = 0; i < fake_jq(b)->n; i++)
		if (fake_jq(b)->slots[i].worker != NULL)
			(void)kill((pid_t)jq_worker_pid(
			    fake_jq(b)->slots[i].worker), SIGKILL);
	fake_say(p, "[7,\"a/1\",2]");
	tap_str(fake_hear(ws), "TEXT [8,\"a/1\",1]\nTEXT [8,\"a/1\",2]\n",
	    "a process that someone kills is replaced");
	fake_end(b);
}

/* ---- who waits for whom ---- */

/* A session whose requests all cost a process its life holds nobody else up:
 * the other is served while many of them are left. */
static void
test_others(void)
{
	struct broker *b = start();
	struct fake_peer *evil = fake_open(b, WIRE_LINE);
	struct fake_peer *good = fake_open(b, WIRE_LINE);
	size_t left;
	int i;

	for (i = 0; i < 8; i++)
		fake_say(evil, "[7,\"a/1\",\"loop\"]");
	for (i = 0; i < 200; i++)
		fake_say(good, "[7,\"b/1\",%d]", i);
	fake_say(good, "[2,\"i\",\"wampd.barrier\"]");
	while (!has(good->out.len > 0 ? buf_cstr(&good->out) : "",
	    "\"accepted\":200") && fake_jq(b)->njobs > 0)
		fake_step(b);
	left = fake_jq(b)->njobs;
	tap_ok(left > 2, "%zu of the slow ones are left", left);
	fake_settle(b);
	tap_int(b->stats.jq_lost, 8, "each of them was ended");
	fake_end(b);
}

/* Requests that wait behind one that may take ten minutes are decided
 * elsewhere, and that one goes on. */
static void
test_recall(void)
{
	struct broker *b = start();
	struct fake_peer *slow = fake_open(b, WIRE_LINE);
	struct fake_peer *other = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	struct jq_worker *w;
	int i;

	fake_say(ws, "[5,\"c/1\"]");
	fake_say(slow, "[7,\"c/1\",\"loop\"]");
	fake_say(slow, "[7,\"c/1\",\"behind\"]");
	for (i = 0; i < 3; i++)
		fake_say(other, "[7,\"c/1\",%d]", i);
	while ((w = fake_jq(b)->slots[0].worker) == NULL ||
	    jq_worker_running(w) == 0)
		fake_step(b);
	broker_set_now(b, b->now + 100);
	fake_say(other, "[7,\"c/1\",3]");
	while (fake_jq(b)->njobs > 2)
		fake_step(b);
	tap_ok(jq_worker_running(w) != 0, "it is still under way");
	(void)kill((pid_t)jq_worker_pid(w), SIGSEGV);
	tap_ok(has(fake_hear(slow), "the handler's program made jq crash"),
	    "one that crashes says so");
	tap_str(fake_hear(ws), "TEXT [8,\"c/1\",0]\nTEXT [8,\"c/1\",1]\n"
	    "TEXT [8,\"c/1\",2]\nTEXT [8,\"c/1\",3]\n"
	    "TEXT [8,\"c/1\",\"behind\"]\n",
	    "others have passed; what its session sent behind it, not");
	fake_end(b);
}

/* A receiver that is behind stops the events on their way to it. */
static void
test_slow(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p, *slow;
	int i;

	set.limit_queue = 64 << 10;
	set.stall = set.stall_window = 1000000;
	b = broker_new_jq(&set);
	p = fake_open(b, WIRE_LINE);
	slow = fake_open(b, WIRE_WS);
	fake_say(slow, "[5,\"b/1\"]");
	fake_settle(b);
	slow->room = 0;
	for (i = 0; i < 200; i++)
		fake_say(p, "[7,\"b/1\",\"%01000d\"]", i);
	for (i = 0; i < 100; i++)
		fake_step(b);
	tap_ok(!slow->closed, "it is not closed for being slow");
	tap_ok(fake_jq(b)->njobs > 100, "%zu events wait for it",
	    fake_jq(b)->njobs);
	fake_drain(slow, SIZE_MAX);
	fake_settle(b);
	fake_say(p, "[2,\"i\",\"wampd.barrier\"]");
	tap_ok(has(fake_hear(p), "\"accepted\":200,\"refused\":0,"
	    "\"delivered\":200"), "it gets them all");
	fake_end(b);
}

/* A handler a whose program marks events with that word. */
static struct broker_parts
marking(const char *word)
{
	struct buf text = { 0 };
	struct broker_parts parts;

	(void)buf_addf(&text, "a: { type: jq, publish: "
	    "'{event: (.event + \"%s\")}', subscribe: 'true' }\n", word);
	parts = fake_parts("a: { channel: 'a/{x}', handler: a }\n",
	    buf_cstr(&text));
	buf_clear(&text);
	return parts;
}

/* Another generation comes while requests are under way: those that an older
 * program has taken are decided by it. */
static void
test_generations(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = marking("old");
	struct diags d = { 0 };
	struct fake_peer *p, *ws;
	struct generation *g;
	struct buf want = { 0 };
	struct broker *b = fake_broker_of(&set, &parts);
	struct errbuf e;
	int i, round;

	p = fake_open(b, WIRE_LINE);
	ws = fake_open(b, WIRE_WS);
	fake_say(ws, "[5,\"a/1\"]");
	fake_settle(b);
	for (round = 0; round < 5; round++) {
		for (i = 0; i < 20; i++) {
			fake_say(p, "[7,\"a/1\",\"%d.\"]", i);
			(void)buf_addf(&want, "TEXT [8,\"a/1\",\"%d.%s\"]\n", i,
			    round == 0 ? "old" : "new");
		}
		parts = marking("new");
		parts.first.diags = &d;
		if ((g = generation_new(b, &set, &parts.first, &e)) == NULL)
			abort();
		broker_renew(b, g);
		if (round == 2)
			fake_settle(b);
	}
	tap_str(fake_hear(ws), buf_cstr(&want),
	    "each by the program that took it, in their order");
	(void)fake_turn(b);
	tap_ok(LIST_FIRST(&b->generations) == b->generation &&
	    LIST_NEXT(b->generation, link) == NULL,
	    "no older generation is left");
	tap_int((int64_t)b->stats.jq_lost, 0, "no process was lost");
	buf_clear(&want);
	diag_clear(&d);
	fake_end(b);
}

/* The broker ends amid requests. */
static void
test_end(void)
{
	struct broker *b = start();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	int i;

	for (i = 0; i < 100; i++)
		fake_say(p, "[7,\"a/1\",%s]", i % 10 ? "1" : "\"loop\"");
	fake_step(b);
	tap_ok(fake_jq(b)->njobs > 0, "requests are under way");
	fake_end(b);
}

int
main(void)
{
	test_order();
	test_notes();
	test_lost("loop", "the handler's program took too long");
	test_lost("much", "the handler's program ");
	test_lost_call();
	test_killed();
	test_others();
	test_recall();
	test_slow();
	test_generations();
	test_end();
	return tap_done();
}
