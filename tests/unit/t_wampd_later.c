/*
 * t_wampd_later.c: what a peer is told once a handler has decided.
 */
#include "exec_stage.h"
#include "tap.h"

/* The answer to wampd.maintenance.set waits for the decision and tells what it
 * came to; the tally is of PUBLISH alone. */
static void
test_maintenance(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.p, "[2,\"i\",\"wampd.maintenance.set\",true,7]");
	fake_say(s.p, "[2,\"b\",\"wampd.barrier\"]");
	tap_str(fake_hear(s.p), "", "nothing is answered before");
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	tap_str(fake_hear(s.p), "[3,\"i\",{\"changed\":true,\"isOn\":true,"
	    "\"delivered\":0,\"wasOn\":false}]\n"
	    "[3,\"b\",{\"accepted\":0,\"refused\":0,"
	    "\"delivered\":0,\"refusals\":[]}]\n", "allowed: it is on");
	fake_say(s.p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	tap_str(fake_hear(s.p), "[3,\"i\",{\"changed\":false,\"isOn\":true,"
	    "\"delivered\":0,\"wasOn\":true}]\n",
	    "it is so already: nobody is asked");
	fake_say(s.p, "[2,\"i\",\"wampd.maintenance.set\",false]");
	fake_child_say(c, "{\"id\":3,\"allow\":false,\"reason\":\"no\"}");
	tap_str(fake_hear(s.p), "[4,\"i\",\"wampd.error.not_permitted\","
	    "\"no\"]\n", "refused: so is the call");
	fake_say(s.p, "[2,\"i\",\"wampd.maintenance.set\",false]");
	fake_child_say(c, "{\"id\":4,\"events\":[]}");
	tap_str(fake_hear(s.p), "[3,\"i\",{\"changed\":false,\"isOn\":true,"
	    "\"delivered\":0,\"wasOn\":true}]\n",
	    "nothing came of it: it is still on");
	fake_say(s.p, "[2,\"b\",\"wampd.barrier\"]");
	tap_str(fake_hear(s.p), "[3,\"b\",{\"accepted\":0,\"refused\":0,"
	    "\"delivered\":0,\"refusals\":[]}]\n", "nothing was counted");
	stage_close(&s);
}

/* The caller leaves while the child thinks. */
static void
test_maintenance_of_nobody(void)
{
	struct stage s;
	struct child *c = stage_child(&s);

	fake_say(s.p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	fake_leave(s.p);
	(void)fake_turn(s.broker);
	fake_child_say(c, "{\"id\":2,\"allow\":true}");
	s.p = fake_open(s.broker, WIRE_LINE);
	fake_say(s.p, "[2,\"i\",\"wampd.maintenance.get\"]");
	tap_ok(has(fake_hear(s.p), "{\"isOn\":true,"),
	    "what it asked for happens nevertheless");
	stage_close(&s);
}

/* It says no more, and reads on. */
static void
test_end_of_input(void)
{
	struct stage s;
	struct child *c = stage_child(&s);
	struct fake_peer *p = s.p;

	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",true]");
	fake_say(p, "[2,\"b\",\"wampd.barrier\"]");
	session_end_input(p->session);
	(void)fake_turn(s.broker);
	tap_ok(!p->closed, "a peer that is owed an answer stays");
	fake_child_say(c, "{\"id\":2,\"allow\":false,\"reason\":\"no\"}");
	tap_ok(has(fake_hear(p), "[4,\"i\","), "it gets the answer");
	(void)fake_turn(s.broker);
	tap_ok(p->closed, "and then the end");
	s.p = fake_open(s.broker, WIRE_LINE);
	stage_close(&s);
}

int
main(void)
{
	test_maintenance();
	test_maintenance_of_nobody();
	test_end_of_input();
	return tap_done();
}
