/*
 * t_wampd_source.c: what all sessions of an address or a user may have
 * together.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "fake.h"
#include "tap.h"
#include "wampd/core/lobby.h"
#include "wampd/core/login.h"

#define ANN	"192.0.2.1"
#define BOB	"198.51.100.1"

static const struct principal *
user(const char *name, unsigned who)
{
	return principal_new((unsigned)WHO_ANYONE | who, name, 0, NULL);
}

static struct fake_peer *
open_from(struct broker *b, const char *ip, const struct principal *who)
{
	struct address from = { .u.sa.sa_family = AF_INET };

	if (inet_pton(AF_INET, ip, &from.u.in.sin_addr) != 1) {
		from.u.sa.sa_family = AF_INET6;
		if (inet_pton(AF_INET6, ip, &from.u.in6.sin6_addr) != 1)
			abort();
	}
	return fake_open_from(b, &from, who);
}

static bool
is_open(const struct fake_peer *p)
{
	return p->session != NULL;
}

/* ---- sessions ---- */

static void
test_address(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;

	set.limit_sessions_address = 2;
	b = fake_broker(&set);
	p = open_from(b, ANN, &principal_anonymous);
	tap_ok(is_open(open_from(b, ANN, &principal_anonymous)),
	    "two sessions from one address");
	tap_ok(!is_open(open_from(b, ANN, &principal_anonymous)),
	    "a third is refused");
	tap_ok(!is_open(open_from(b, "::ffff:" ANN,
	    &principal_anonymous)), "also if it is mapped into IPv6");
	tap_int((int64_t)b->stats.sessions_refused, 2, "that is counted");
	tap_ok(is_open(open_from(b, BOB, &principal_anonymous)),
	    "another address is not concerned");
	fake_leave(p);
	fake_turn(b);
	tap_ok(is_open(open_from(b, ANN, &principal_anonymous)),
	    "one that leaves makes room");
	fake_end(b);
}

static void
test_network(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;

	set.limit_sessions_address = 1;
	b = fake_broker(&set);
	tap_ok(is_open(open_from(b, "2001:db8::1",
	    &principal_anonymous)), "a session from IPv6");
	tap_ok(!is_open(open_from(b, "2001:db8::2:3:4:5",
	    &principal_anonymous)), "64 bits are one client");
	tap_ok(is_open(open_from(b, "2001:db8:0:1::1",
	    &principal_anonymous)), "the next network is another");
	tap_ok(is_open(open_from(b, "127.0.0.1",
	    &principal_anonymous)) && is_open(open_from(b, "127.0.0.1",
	    &principal_anonymous)), "this machine is not counted");
	fake_end(b);
}

static void
test_user(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	const struct principal *ann = user("ann", WHO_AUTHENTICATED);
	const struct principal *same = user("ann", WHO_AUTHENTICATED);
	const struct principal *bob = user("bob", WHO_AUTHENTICATED);
	const struct principal *shop = user("shop", (unsigned)
	    WHO_AUTHENTICATED | WHO_BACKEND);
	struct fake_peer *p;

	set.limit_sessions_user = 1;
	b = fake_broker(&set);
	p = open_from(b, ANN, ann);
	tap_ok(!is_open(open_from(b, BOB, same)),
	    "one session of a user, wherever it comes from");
	tap_ok(is_open(open_from(b, ANN, bob)),
	    "another user is not concerned");
	tap_ok(is_open(open_from(b, ANN, shop)) &&
	    is_open(open_from(b, ANN, shop)), "a back end is no user");
	tap_ok(is_open(open_from(b, ANN, &principal_anonymous)) &&
	    is_open(open_from(b, ANN, &principal_anonymous)),
	    "nor is who has proved nothing");
	fake_leave(p);
	fake_turn(b);
	p = open_from(b, BOB, same);
	tap_ok(is_open(p), "one that leaves makes room");
	fake_leave(p);
	fake_turn(b);
	tap_ok(source_of_user(&b->sources, ann) == NULL,
	    "nothing is kept of who has nothing");
	fake_end(b);
	principal_unref(ann);
	principal_unref(same);
	principal_unref(bob);
	principal_unref(shop);
}

/* Who logs in later is counted from then on. */
static void
test_login(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	const struct principal *ann = user("ann", WHO_AUTHENTICATED);
	struct fake_peer *p;

	set.limit_sessions_user = 1;
	b = fake_broker(&set);
	p = open_from(b, ANN, &principal_anonymous);
	tap_int(lobby_user_room(b, ann), LOBBY_ROOM, "a user may log in");
	session_log_in(p->session, ann);
	tap_int(lobby_user_room(b, ann), LOBBY_FULL_USER,
	    "not twice at one time");
	tap_ok(!is_open(open_from(b, BOB, ann)), "in no other way");
	fake_leave(p);
	fake_turn(b);
	tap_int(lobby_user_room(b, ann), LOBBY_ROOM, "but later");
	fake_end(b);
	principal_unref(ann);
}

/* ---- retained events ---- */

/* Publish events on new topics until one is refused; how many were not. */
static int
fill(struct fake_peer *p, const char *topic)
{
	uint64_t before = p->session->broker->stats.limited_retained;
	int n;

	for (n = 0; n < 1000 &&
	    p->session->broker->stats.limited_retained == before; n++)
		fake_say(p, "[7,\"%s%03d\",\"%0100d\"]", topic, n, n);
	return n - 1;
}

static struct broker *
retaining(uint64_t bytes)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "a: { channel: 'a/{x}', handler: a }\n"
	    "b: { channel: 'b/{x}', handler: a }\n",
	    "a: { type: broadcast, publish: anyone, subscribe: anyone,\n"
	    "     retain: true }\n");

	set.limit_retained = bytes;
	return fake_broker_of(&set, &parts);
}

static void
test_share(void)
{
	struct broker *b = retaining(100000);
	struct fake_peer *p = open_from(b, ANN, &principal_anonymous);
	struct fake_peer *q = open_from(b, BOB, &principal_anonymous);
	struct fake_peer *local;
	int first, second;

	first = fill(p, "a/p");
	tap_ok(first > 100 && b->topics.retained_bytes > 49000 &&
	    b->topics.retained_bytes <= 50000,
	    "one address takes half of limits.retained: %d events", first);
	fake_leave(p);
	fake_turn(b);
	p = open_from(b, ANN, &principal_anonymous);
	tap_int(fill(p, "b/p"), 0, "also when it comes back");
	second = fill(q, "b/q");
	tap_ok(second > first / 3, "another takes half of the rest: %d",
	    second);
	fake_say(p, "[7,\"a/p000\",1]");
	tap_int(source_of_address(&b->sources, &p->from)->kept, first,
	    "an event in place of its own is no new one");
	fake_say(q, "[7,\"a/p001\",1]");
	tap_int(source_of_address(&b->sources, &p->from)->kept,
	    first - 1, "one in place of another's is the publisher's");
	local = fake_open(b, WIRE_LINE);
	tap_ok(fill(local, "a/l") >= 0, "a local peer is not bounded so");
	tap_ok(b->topics.retained_bytes > 99000, "it may take the rest");
	fake_end(b);
}

/* A user is one, wherever it comes from; and what is forgotten is free. */
static void
test_retaining_user(void)
{
	struct broker *b = retaining(100000);
	const struct principal *ann = user("ann", WHO_AUTHENTICATED);
	struct fake_peer *p = open_from(b, ANN, ann);
	struct fake_peer *q = open_from(b, BOB, ann);
	struct fake_peer *local = fake_open(b, WIRE_LINE);
	int n = fill(p, "a/p");

	tap_int(fill(q, "b/q"), 0, "two sessions of a user share its half");
	tap_int(source_of_user(&b->sources, ann)->kept, n,
	    "which is counted once");
	fake_say(local, "[2,\"f\",\"wampd.forget\",\"a/p000\"]");
	tap_int(fill(q, "b/q"), 1, "what is forgotten makes room");
	fake_leave(p);
	fake_leave(q);
	fake_turn(b);
	tap_ok(source_of_user(&b->sources, ann) != NULL,
	    "it stays known while it retains something");
	fake_end(b);
	principal_unref(ann);
}

static void
test_topics(void)
{
	struct broker *b = retaining(100000);
	struct fake_peer *p = open_from(b, ANN, &principal_anonymous);

	b->set.limit_topics = 1;
	fake_say(p, "[7,\"a/1\",1]");
	fake_say(p, "[7,\"a/2\",1]");
	tap_int((int64_t)b->topics.nused, 1,
	    "limits.topics holds for retained events");
	tap_int((int64_t)b->stats.limited_topics, 1, "that is counted");
	fake_end(b);
}

int
main(void)
{
	test_address();
	test_network();
	test_user();
	test_login();
	test_share();
	test_retaining_user();
	test_topics();
	return tap_done();
}
