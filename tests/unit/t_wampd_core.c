/*
 * t_wampd_core.c: sessions, topics and events, without sockets.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/core/flush.h"
#include "wampd/core/ledger.h"
#include "wampd/core/turn.h"

/* ---- who hears what ---- */

static void
test_both_wires(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *line = fake_open(b, WIRE_LINE);
	struct fake_peer *ws = fake_open(b, WIRE_WS);
	uint64_t frames;

	fake_say(line, "[5,\"t\"]");
	fake_say(ws, "[5,\"t\"]");
	frames = b->stats.frames_allocated;
	fake_say(ws, "[7,\"t\",{\"a\" : 1e400}]");
	tap_str(fake_hear(line), "[8,\"t\",{\"a\" : 1e400}]\n",
	    "an event's bytes reach a line as they came");
	tap_str(fake_hear(ws), "TEXT [8,\"t\",{\"a\" : 1e400}]\n",
	    "and a WebSocket too, its own event included (oro)");
	tap_int(b->stats.frames_allocated - frames, 1,
	    "one frame serves both wires");

	fake_say(ws, "[7,\"t\",[1,\n2]]");
	tap_str(fake_hear(line), "[8,\"t\",[1, 2]]\n",
	    "a newline between tokens does not end a line");
	tap_str(fake_hear(ws), "TEXT [8,\"t\",[1,\n2]]\n",
	    "and stays where it can");
	fake_end(b);
}

static void
test_lists(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		p[i] = fake_open(b, WIRE_LINE);
		fake_say(p[i], "[5,\"t\"]");
	}
	fake_say(p[0], "[7,\"t\",1,[\"%s\",\"nobody\",\"%s\"]]", p[1]->id,
	    p[1]->id);
	tap_str(fake_hear(p[0]), "[8,\"t\",1]\n", "not excluded");
	tap_str(fake_hear(p[1]), "", "excluded, listed twice");
	tap_str(fake_hear(p[2]), "[8,\"t\",1]\n", "not excluded either");

	fake_say(p[0], "[7,\"t\",2,[],[\"%s\",\"%s\",7]]", p[2]->id,
	    p[2]->id);
	tap_str(fake_hear(p[0]), "", "not eligible");
	tap_str(fake_hear(p[2]), "[8,\"t\",2]\n",
	    "eligible twice is served once");

	fake_say(p[2], "[6,\"t\"]");
	fake_say(p[0], "[7,\"t\",3,[],[\"%s\"]]", p[2]->id);
	tap_str(fake_hear(p[2]), "", "eligible but not subscribed");
	fake_say(p[0], "[7,\"t\",4,true]");
	tap_str(fake_hear(p[0]), "", "it excludes itself");
	tap_str(fake_hear(p[1]), "[8,\"t\",4]\n", "the other hears it");
	fake_end(b);
}

static void
test_leaving(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		p[i] = fake_open(b, WIRE_LINE);
		fake_say(p[i], "[5,\"a\"]");
		fake_say(p[i], "[5,\"b\"]");
		fake_say(p[i], "[5,\"a\"]");
	}
	tap_int(b->topics.subs.count, 6, "subscribing twice is once");
	fake_leave(p[0]);
	fake_turn(b);
	tap_int(b->topics.subs.count, 4, "who leaves is subscribed no more");
	tap_int(b->sessions.n, 2, "and no session");
	fake_say(p[1], "[6,\"a\"]");
	fake_say(p[2], "[7,\"a\",1]");
	tap_str(fake_hear(p[2]), "[8,\"a\",1]\n", "the others still hear");
	tap_str(fake_hear(p[1]), "", "unsubscribed");
	fake_say(p[2], "[6,\"a\"]");
	tap_ok(topic_find(&b->topics, SLICE("a")) == NULL,
	    "a topic nobody listens to is gone");
	fake_say(p[2], "[6,\"never\"]");
	tap_int(b->topics.subs.count, 2,
	    "leaving what was never joined is nothing");
	fake_end(b);
}

/* ---- limits ---- */

static void
test_limits(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p, *second;

	set.limit_sessions = 1;
	set.limit_subscriptions = 2;
	set.limit_message = 100;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	second = fake_open(b, WIRE_WS);
	tap_ok(second->session == NULL, "limits.sessions");
	tap_ok(fake_open(b, WIRE_LINE)->session != NULL,
	    "does not lock local peers out");
	fake_say(p, "[5,\"a\"]");
	fake_say(p, "[5,\"b\"]");
	fake_say(p, "[5,\"c\"]");
	tap_str(fake_hear(p), "[4,\"c\",\"wampd.error.not_permitted\","
	    "\"limits.subscriptions is 2\"]\n", "limits.subscriptions");
	tap_ok(!fake_say(p, "[7,\"a\",\"%0100d\"]", 1), "limits.message");
	fake_turn(b);
	tap_ok(p->closed, "ends the session");
	tap_int(p->code, 1009, "with 1009");
	fake_end(b);
}

static void
test_idle_topics(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	int i;

	for (i = 0; i < 20000; i++)
		fake_say(p, "[7,\"topic/%d/%0100d\",1]", i, i);
	while (fake_turn(b) == 0)
		;
	tap_ok(b->topics.by_name.count < 5000,
	    "topics of nobody are forgotten");
	tap_int(p->session->ledger->tally.accepted, 20000, "and were accepted");
	fake_end(b);
}

/* ---- the turn ---- */

static void
test_coalescing(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p[10];
	int i, k;
	unsigned writes = 0;

	for (i = 0; i < 10; i++) {
		p[i] = fake_open(b, WIRE_WS);
		fake_say(p[i], "[5,\"t\"]");
		p[i]->writes = 0;
	}
	for (k = 0; k < 1000; k++)
		fake_say(p[0], "[7,\"t\",%d]", k);
	fake_turn(b);
	for (i = 0; i < 10; i++)
		writes += p[i]->writes;
	tap_int(writes, 10, "a turn's events leave in one write a session");
	fake_end(b);
}

static void
test_held_flush(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	int turns = 0;

	fake_say(p, "[5,\"t\"]");
	fake_say(p, "[7,\"t\",1]");
	b->flush.more_input = true;
	tap_int(fake_turn(b), 0, "a flush waits while more input is ready");
	tap_int((int64_t)p->out.len, 0, "nothing is written");
	tap_int(fake_turn(b), -1, "without more input it does not");
	tap_ok(p->out.len > 0, "and is written");
	do {
		fake_say(p, "[7,\"t\",1]");
		b->flush.more_input = true;
	} while (fake_turn(b) == 0 && ++turns < 1000);
	tap_ok(turns <= FLUSH_DELAY_TURNS, "it does not wait for ever");
	fake_end(b);
}

static void
test_keepalive(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *answers, *silent, *slow, *line;
	struct broker *b;

	set.keepalive = 1000;
	b = fake_broker(&set);
	answers = fake_open(b, WIRE_WS);
	silent = fake_open(b, WIRE_WS);
	slow = fake_open(b, WIRE_WS);
	line = fake_open(b, WIRE_LINE);
	tap_int(fake_turn(b), 1000, "the next ping is due in a period");
	broker_set_now(b, 1000);
	tap_str(fake_hear(answers), "PING wampd\n", "a ping");
	tap_str(fake_hear(silent), "PING wampd\n", "for each");
	tap_str(fake_hear(line), "", "but not on the control socket");
	session_heard(answers->session);
	slow->taking = true;
	broker_set_now(b, 2000);
	fake_turn(b);
	tap_ok(!answers->closed, "who answers stays");
	tap_ok(silent->closed, "who does not goes");
	tap_ok(!slow->closed, "who is still taking what came before stays");
	tap_int(b->stats.sessions_dead, 1, "counted");
	session_heard(answers->session);
	slow->taking = false;
	broker_set_now(b, 3000);
	fake_turn(b);
	tap_ok(slow->closed && !answers->closed, "until it takes no more");
	fake_end(b);
}

static void
test_broken_socket(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *dead = fake_open(b, WIRE_LINE);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(dead, "[5,\"t\"]");
	fake_say(p, "[5,\"t\"]");
	dead->broken = true;
	fake_say(p, "[7,\"t\",1]");
	tap_str(fake_hear(p), "[8,\"t\",1]\n",
	    "a dead receiver disturbs nobody");
	fake_turn(b);
	tap_ok(dead->closed, "and is closed");
	fake_end(b);
}

static void
test_shutdown(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *slow = fake_open(b, WIRE_WS);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(slow, "[5,\"t\"]");
	slow->room = 0;
	fake_say(p, "[7,\"t\",1]");
	fake_turn(b);
	turn_stop(b, 500);
	fake_turn(b);
	tap_ok(p->closed && !slow->closed,
	    "who has read everything goes at once");
	fake_drain(slow, SIZE_MAX);
	fake_turn(b);
	tap_ok(slow->closed, "the others when they have");
	tap_int(slow->code, 0, "without a close frame");
	fake_end(b);
}

/* ---- refusals, tally, maintenance ---- */

static void
test_barrier(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	static const struct principal nobody = { .name = "nobody" };

	fake_say(p, "[5,\"t\"]");
	fake_say(p, "[7,\"t\",1,true]");
	fake_say(p, "[7,\"t\",2]");
	p->session->principal = &nobody;
	fake_say(p, "[7,\"u\",3]");
	fake_say(p, "[2,\"i\",\"wampd.barrier\"]");
	tap_str(fake_hear(p), "[8,\"t\",2]\n"
	    "[4,\"u\",\"wampd.error.not_permitted\","
	    "\"nobody may not publish here\"]\n"
	    "[3,\"i\",{\"accepted\":2,\"refused\":1,\"delivered\":1,"
	    "\"refusals\":[{\"index\":3,\"topic\":\"u\","
	    "\"error\":\"wampd.error.not_permitted\","
	    "\"reason\":\"nobody may not publish here\"}]}]\n",
	    "the barrier tells what became of each");
	fake_say(p, "[2,\"i\",\"wampd.barrier\"]");
	tap_str(fake_hear(p), "[3,\"i\",{\"accepted\":0,\"refused\":0,"
	    "\"delivered\":0,\"refusals\":[]}]\n", "and begins anew");
	fake_end(b);
}

static void
test_maintenance(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *late = fake_open(b, WIRE_LINE);

	fake_say(p, "[5,\"oro/maintenance\"]");
	tap_str(fake_hear(p), "", "nothing is known at first");
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true,7]");
	tap_str(fake_hear(p),
	    "[8,\"oro/maintenance\",{\"isOn\":true,\"userId\":7}]\n"
	    "[3,\"i\",{\"changed\":true,\"isOn\":true,\"delivered\":1,"
	    "\"wasOn\":false}]\n",
	    "on: everyone is told");
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	tap_str(fake_hear(p),
	    "[3,\"i\",{\"changed\":false,\"isOn\":true,\"delivered\":0,"
	    "\"wasOn\":true}]\n",
	    "on again: nobody is");
	fake_say(late, "[5,\"oro/maintenance\"]");
	tap_str(fake_hear(late),
	    "[8,\"oro/maintenance\",{\"isOn\":true,\"userId\":7}]\n",
	    "who comes later learns it");
	fake_say(late, "[7,\"oro/maintenance\",{\"userId\":null,"
	    "\"isOn\":false},true]");
	fake_say(late, "[7,\"oro/maintenance\",\"other\",true]");
	fake_say(p, "[2,\"i\",\"wampd.info\"]");
	tap_ok(strstr(fake_hear(p), "\"maintenance\":false") != NULL,
	    "anyone's event on the topic counts, others do not");
	fake_end(b);
}

static void
test_permission(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_WS);

	fake_say(p, "[2,\"i\",\"wampd.sessions\"]");
	tap_str(fake_hear(p), "TEXT [4,\"i\",\"wampd.error.not_permitted\","
	    "\"only local peers may call this\"]\n",
	    "administration is for local peers");
	fake_say(p, "[2,\"i\",\"wampd.kick\",\"%s\"]", p->id);
	fake_turn(b);
	tap_ok(!p->closed, "so is closing sessions");
	fake_end(b);
}

int
main(void)
{
	test_both_wires();
	test_lists();
	test_leaving();
	test_limits();
	test_idle_topics();
	test_coalescing();
	test_held_flush();
	test_keepalive();
	test_broken_socket();
	test_shutdown();
	test_barrier();
	test_maintenance();
	test_permission();
	return tap_done();
}
