/*
 * t_wampd_listing.c: answers that are long lists: whole, and yet made a piece
 * a turn, while others are served, come and leave.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/admin/listing.h"

#define CROWD	(5 * LISTING_PIECE)
#define TOPICS	(4 * LISTING_PIECE)

static struct fake_peer *crowd[CROWD];

static struct broker *
crowd_broker(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	int i;

	set.limit_sessions = CROWD;
	set.limit_subscriptions = TOPICS;
	b = fake_broker(&set);
	for (i = 0; i < CROWD; i++)
		crowd[i] = fake_open(b, WIRE_WS);
	return b;
}

/* How often a text is in what the peer has got. */
static int
count(struct fake_peer *p, const char *text)
{
	const char *at = buf_cstr(&p->out);
	int n = 0;

	while ((at = strstr(at, text)) != NULL) {
		at += strlen(text);
		n++;
	}
	return n;
}

/* Is the session in the list, and once? */
static bool
is_listed(struct fake_peer *p, const struct fake_peer *one)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "{\"session\":\"%s\"", one->id);
	return count(p, text) == 1;
}

/* Turn until the peer has its answer. */
static void
turn_until_answer(struct broker *b, struct fake_peer *p)
{
	int turns;

	for (turns = 0; p->out.len == 0 && turns < 1000; turns++)
		(void)fake_turn(b);
}

static void
test_sessions(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *other = fake_open(b, WIRE_LINE);
	int i, missing = 0;

	tap_ok(!fake_say(p, "[2,\"i\",\"wampd.sessions\"]"),
	    "who asks for a long list is not read from");
	(void)fake_turn(b);
	tap_int((int64_t)p->out.len, 0, "until it is made");
	fake_say(other, "[2,\"j\",\"wampd.echo\",1]");
	(void)fake_turn(b);
	tap_str(fake_hear(other), "[3,\"j\",[1]]\n",
	    "others are answered meanwhile");
	tap_ok(p->out.len == 0, "before it is");
	turn_until_answer(b, p);
	for (i = 0; i < CROWD; i++)
		missing += !is_listed(p, crowd[i]);
	tap_int(missing, 0, "all are in the list, each once");
	tap_int(count(p, "\n"), 1, "which is one answer");
	tap_ok(!p->paused, "and then it is read from again");
	buf_reset(&p->out);
	fake_say(p, "[2,\"k\",\"wampd.echo\",2]");
	tap_str(fake_hear(p), "[3,\"k\",[2]]\n", "and answered");
	fake_end(b);
}

/* In each turn of its making some leave, among them those whose turn it is. */
static void
test_leaving(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	int i, next = 1, missing = 0;

	fake_say(p, "[2,\"i\",\"wampd.sessions\"]");
	fake_leave(crowd[LISTING_PIECE]);	/* the next one */
	while (p->out.len == 0) {
		for (i = 0; i < 100 && next < CROWD; i++, next += 2)
			fake_leave(crowd[next]);
		if (next > LISTING_PIECE && next < CROWD)
			next += LISTING_PIECE;
		(void)fake_turn(b);
	}
	for (i = 0; i < CROWD; i += 2)
		missing += i != LISTING_PIECE && !is_listed(p, crowd[i]);
	tap_int(missing, 0, "who stays is in the list once, whoever leaves");
	fake_end(b);
}

static void
test_caller_leaves(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"i\",\"wampd.sessions\"]");
	fake_say(q, "[2,\"i\",\"wampd.sessions\"]");
	(void)fake_turn(b);
	fake_leave(p);
	turn_until_answer(b, q);
	tap_ok(is_listed(q, crowd[CROWD - 1]),
	    "the one that stays has its list");
	tap_ok(TAILQ_EMPTY(&b->cursors), "no other is being made");
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[2,\"i\",\"wampd.sessions\"]");
	fake_end(b);
	tap_ok(true, "nor does the broker's end wait for one");
}

/* One that says no more is owed its answer. */
static void
test_end_of_input(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[2,\"i\",\"wampd.sessions\"]");
	session_end_input(p->session);
	turn_until_answer(b, p);
	tap_ok(is_listed(p, crowd[CROWD - 1]), "who says no more gets it");
	while (fake_turn(b) == 0)
		;
	tap_ok(p->closed, "and is let go");
	fake_end(b);
}

static void
test_topics(void)
{
	struct broker *b = crowd_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	char text[64];
	int i, t = 0, missing = 0;

	for (i = 0; i < TOPICS; i++)
		fake_say(crowd[0], "[5,\"t/%d\"]", i);
	fake_say(p, "[2,\"i\",\"wampd.topics\"]");
	while (p->out.len == 0) {
		for (i = 0; i < 60 && t < TOPICS; i++, t += 3)
			fake_say(crowd[0], "[6,\"t/%d\"]", TOPICS - 1 - t);
		(void)fake_turn(b);
	}
	for (i = 0; i < TOPICS; i++) {
		(void)snprintf(text, sizeof(text), "{\"topic\":\"t/%d\"",
		    TOPICS - 1 - i);
		missing += i % 3 != 0 && count(p, text) != 1;
	}
	tap_int(missing, 0, "topics that stay are listed once");
	tap_int((int64_t)b->topics.nused, TOPICS - (t + 2) / 3,
	    "those in use are counted");
	fake_end(b);
}

/* Most lists are short. */
static void
test_short(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	tap_ok(fake_say(p, "[2,\"i\",\"wampd.topics\"]"),
	    "a short list is answered at once");
	tap_str(fake_hear(p), "[3,\"i\",[]]\n", "even if nothing is in it");
	fake_say(p, "[2,\"i\",\"wampd.routes\"]");
	tap_str(fake_hear(p), "[3,\"i\",[]]\n", "whatever is listed");
	fake_end(b);
}

int
main(void)
{
	test_sessions();
	test_leaving();
	test_caller_leaves();
	test_end_of_input();
	test_topics();
	test_short();
	return tap_done();
}
