/*
 * t_wampd_kick.c: closing sessions of a user, a role or an address, a piece per
 * turn, while others are served, come and leave.
 */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/admin/kick.h"
#include "wampd/core/login.h"

#define CROWD	(5 * KICK_PIECE)

static struct fake_peer *crowd[CROWD];

static void
log_in(struct fake_peer *p, const char *name, const char *role)
{
	const char *roles[] = { role, NULL };
	const struct principal *who = principal_new(WHO_ANYONE |
	    WHO_AUTHENTICATED, name, 0, role != NULL ? roles : NULL);

	if (who == NULL)
		abort();
	session_log_in(p->session, who);
	principal_unref(who);
}

static const char *
kick(struct fake_peer *p, const char *arg)
{
	fake_say(p, "[2,\"k\",\"wampd.kick\",%s]", arg);
	return fake_hear(p);
}

static void
test_one(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *admin = fake_open(b, WIRE_LINE);
	struct fake_peer *p[3];
	char arg[128];
	size_t i;

	for (i = 0; i < 3; i++)
		p[i] = fake_open(b, WIRE_WS);
	log_in(p[0], "ann", "editor");
	(void)snprintf(arg, sizeof(arg), "\"%s\"", p[0]->id);
	tap_str(kick(admin, arg), "[3,\"k\",{\"closed\":1}]\n",
	    "a session by its id");
	tap_ok(p[0]->closed && p[0]->code == 0 && !p[1]->closed,
	    "is closed so that its client comes back");
	tap_ok(has(kick(admin, arg), "there is no session with that id"),
	    "an id of nobody is an error");
	(void)snprintf(arg, sizeof(arg), "{\"session\":\"%s\","
	    "\"user\":\"ann\"}", p[1]->id);
	tap_str(kick(admin, arg), "[3,\"k\",{\"closed\":0}]\n",
	    "all that is given must fit");
	(void)snprintf(arg, sizeof(arg), "{\"session\":\"%s\","
	    "\"stay_away\":true}", p[1]->id);
	tap_str(kick(admin, arg), "[3,\"k\",{\"closed\":1}]\n", "an object");
	tap_int(p[1]->code, 1008, "may tell the client to stay away");
	(void)snprintf(arg, sizeof(arg), "\"%s\"", admin->id);
	tap_str(kick(admin, arg), "[3,\"k\",{\"closed\":1}]\n",
	    "who closes itself gets the answer");
	tap_ok(admin->closed && !p[2]->closed, "and is closed");
	fake_end(b);
}

static void
test_many(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *admin = fake_open(b, WIRE_LINE);
	struct fake_peer *p[4];
	size_t i;

	for (i = 0; i < 4; i++)
		p[i] = fake_open(b, WIRE_WS);
	log_in(p[0], "ann", "editor");
	log_in(p[1], "ann", NULL);
	log_in(p[2], "bob", "editor");
	tap_str(kick(admin, "{\"user\":\"carl\"}"),
	    "[3,\"k\",{\"closed\":0}]\n", "nobody has that name");
	tap_str(kick(admin, "{\"user\":\"anonymous\"}"),
	    "[3,\"k\",{\"closed\":0}]\n", "a name must be proved");
	tap_str(kick(admin, "{\"user\":\"ann\",\"role\":\"editor\"}"),
	    "[3,\"k\",{\"closed\":1}]\n", "a user and a role");
	tap_ok(p[0]->closed && !p[1]->closed && !p[2]->closed,
	    "both must fit");
	tap_str(kick(admin, "{\"role\":\"editor\",\"reason\":\"x\"}"),
	    "[3,\"k\",{\"closed\":1}]\n", "a role");
	tap_ok(p[2]->closed && !p[1]->closed, "is closed");
	tap_str(kick(admin, "{\"user\":\"ann\"}"), "[3,\"k\",{\"closed\":1}]"
	    "\n", "a user");
	tap_ok(p[1]->closed && !p[3]->closed, "is closed, nobody else");
	tap_str(kick(admin, "{\"address\":\"0.0.0.0/0\"}"),
	    "[3,\"k\",{\"closed\":0}]\n", "these peers have no address");
	tap_ok(!p[3]->closed, "so they stay");
	fake_end(b);
}

static void
test_arguments(void)
{
	static const char long_reason[] = "{\"user\":\"x\",\"reason\":\""
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "\"}";
	static const char *const bad[] = { "5", "{}", "{\"user\":\"\"}",
	    "{\"user\":5}", "{\"name\":\"x\"}", "{\"address\":\"10.0.0.1/8\"}",
	    "{\"address\":\"x\"}", "{\"user\":\"x\",\"reason\":\"\\n\"}",
	    "{\"user\":\"x\",\"stay_away\":1}", "{\"reason\":\"x\"}",
	    "\"a\",\"b\"", "null", long_reason };
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *admin, *page;
	int compat;
	size_t i;

	for (compat = 0; compat < 2; compat++) {
		set.compat = compat;
		b = fake_broker(&set);
		admin = fake_open(b, WIRE_LINE);
		page = fake_open(b, WIRE_WS);
		for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
			tap_ok(has(kick(admin, bad[i]), "invalid_argument"),
			    "an error: %s", bad[i]);
		tap_ok(has(kick(page, "{\"user\":\"x\"}"), "not_permitted"),
		    "only local peers may");
		tap_ok(!page->closed && !admin->closed, "nobody is closed");
		fake_end(b);
	}
}

/* A crowd of one user, and the others, of whom one administers. */
static struct broker *
crowd_broker(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	int i;

	set.limit_sessions = 2 * CROWD;
	b = fake_broker(&set);
	for (i = 0; i < CROWD; i++) {
		crowd[i] = fake_open(b, WIRE_WS);
		log_in(crowd[i], "ann", NULL);
	}
	return b;
}

static void
test_pieces(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *admin = fake_open(b, WIRE_LINE);
	struct fake_peer *other = fake_open(b, WIRE_LINE), *again;
	int i, turns, closed = 0;

	fake_pass(b, 5);
	fake_say(admin, "[2,\"k\",\"wampd.kick\",{\"user\":\"ann\"}]");
	(void)fake_turn(b);
	tap_ok(admin->out.len == 0 && b->sessions.n > CROWD / 2,
	    "a turn closes a piece");
	tap_ok(admin->paused, "the caller is not read from meanwhile");
	fake_say(other, "[2,\"j\",\"wampd.echo\",1]");
	tap_str(fake_hear(other), "[3,\"j\",[1]]\n", "others are served");
	fake_leave(crowd[CROWD - 1]);
	fake_leave(crowd[CROWD - 2]);
	broker_set_now(b, b->now + 5);
	again = fake_open(b, WIRE_WS);
	log_in(again, "ann", NULL);
	for (turns = 0; admin->out.len == 0 && turns < 100; turns++)
		(void)fake_turn(b);
	tap_str(buf_cstr(&admin->out), "[3,\"k\",{\"closed\":1278}]\n",
	    "all that were there are closed");
	for (turns = 0; turns < 100; turns++)
		(void)fake_turn(b);
	for (i = 0; i < CROWD; i++)
		closed += crowd[i]->closed;
	tap_int(closed, CROWD - 2, "each of them");
	tap_ok(!again->closed, "but not who has come since");
	tap_ok(!admin->paused, "the caller is read from again");
	fake_end(b);
}

static void
test_caller_leaves(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *admin = fake_open(b, WIRE_LINE);
	uint64_t left;

	fake_pass(b, 5);
	fake_say(admin, "[2,\"k\",\"wampd.kick\",{\"user\":\"ann\"}]");
	(void)fake_turn(b);
	fake_leave(admin);
	fake_pass(b, 100);
	left = b->sessions.n;
	fake_pass(b, 100);
	tap_int((long long)b->sessions.n, (long long)left,
	    "it ends when the caller leaves");
	fake_end(b);
}

int
main(void)
{
	test_one();
	test_many();
	test_arguments();
	test_pieces();
	test_caller_leaves();
	return tap_done();
}
