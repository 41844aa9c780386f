/*
 * t_wampd_account.c: the memory that a session causes is on its account, and
 * who takes too much harms only himself.
 */
#include <string.h>

#include "fake.h"
#include "proto/close_code.h"
#include "tap.h"
#include "wampd/core/account.h"

/* Subscribe to the topic with that number. */
static void
subscribe(struct fake_peer *p, const char *name, int number)
{
	fake_say(p, "[5,\"%s%d\"]", name, number);
}

static void
test_subscriptions(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);
	size_t one, two;

	tap_int((int64_t)account_of(p->session), 0, "a new session costs "
	    "nothing");
	fake_say(p, "[5,\"t\"]");
	one = account_of(p->session);
	tap_ok(one > 100, "a topic costs");
	fake_say(q, "[5,\"t\"]");
	two = account_of(q->session);
	tap_ok(two > 0 && two < one, "the second subscriber pays less");
	tap_int((int64_t)b->sessions.memory, (int64_t)(one + two),
	    "all accounts are added");
	fake_say(p, "[6,\"t\"]");
	tap_int((int64_t)account_of(p->session), 0, "who leaves pays nothing");
	tap_int((int64_t)account_of(q->session), (int64_t)one,
	    "who stays pays for the topic");
	fake_say(p, "[5,\"t\"]");
	fake_leave(q);
	fake_turn(b);
	tap_int((int64_t)account_of(p->session), (int64_t)one,
	    "also when the other is gone");
	tap_int((int64_t)b->sessions.memory, (int64_t)one,
	    "whose account counts no more");
	fake_end(b);
}

/* One session makes topics until it is refused; another goes on. */
static void
test_session(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *greedy, *good;
	int i;

	set.limit_memory_session = 64 << 10;
	b = fake_broker(&set);
	greedy = fake_open(b, WIRE_LINE);
	good = fake_open(b, WIRE_LINE);
	fake_say(good, "[5,\"good\"]");
	for (i = 0; i < 1000; i++)
		subscribe(greedy, "a-topic-with-a-name-", i);
	tap_ok(greedy->session->nsubs > 50 && greedy->session->nsubs < 250,
	    "%u topics fit on an account", greedy->session->nsubs);
	tap_ok(has(fake_hear(greedy), "wampd.error.not_permitted\","
	    "\"limits.memory_session is 65536\"]"), "the reason says why");
	tap_int((int64_t)b->stats.limited_memory,
	    1000 - greedy->session->nsubs, "the refusals are counted");
	fake_say(greedy, "[7,\"good\",1]");
	tap_str(fake_hear(good), "[8,\"good\",1]\n", "others are not harmed");
	fake_say(greedy, "[6,\"a-topic-with-a-name-0\"]");
	fake_say(greedy, "[5,\"a-topic-with-a-name-999\"]");
	tap_str(fake_hear(greedy), "", "what it gives back it may use");
	fake_end(b);
}

/* The topic of who leaves is passed on even if the account is full. */
static void
test_inherit(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *first, *next;
	int i;

	set.limit_memory_session = 8 << 10;
	b = fake_broker(&set);
	first = fake_open(b, WIRE_LINE);
	next = fake_open(b, WIRE_LINE);
	for (i = 0; i < 20; i++)
		subscribe(first, "t", i);
	for (i = 0; i < 20; i++)
		subscribe(next, "t", i);
	for (i = 0; i < 5; i++)
		subscribe(next, "own", i);
	fake_leave(first);
	fake_turn(b);
	tap_int(next->session->nsubs, 25, "nobody loses a subscription "
	    "because another leaves");
	tap_ok(account_of(next->session) > set.limit_memory_session,
	    "its account is overdrawn");
	subscribe(next, "u", 1);
	tap_int(next->session->nsubs, 25, "so it gets no more");
	fake_end(b);
}

static void
test_prefixes(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;

	set.limit_memory_session = 4096;
	set.limit_prefixes = 2;
	set.on_violation = ON_VIOLATION_IGNORE;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[1,\"a\",\"http://a/\"]");
	fake_say(p, "[1,\"b\",\"http://b/\"]");
	tap_str(fake_hear(p), "", "as many prefixes as allowed");
	fake_say(p, "[1,\"c\",\"http://c/\"]");
	tap_ok(has(fake_hear(p), "limits.prefixes"), "one more is refused");
	tap_int((int64_t)b->stats.limited_prefixes, 1, "and counted");
	fake_say(p, "[1,\"a\",\"http://%03000d/\"]", 1);
	tap_ok(account_of(p->session) > 3000, "a prefix costs what it takes");
	fake_say(p, "[1,\"b\",\"http://%03000d/\"]", 1);
	tap_ok(has(fake_hear(p), "limits.memory_session"),
	    "not more than the account has");
	fake_say(p, "[1,\"a\",\"http://a/\"]");
	tap_ok(account_of(p->session) < 300, "a shorter one costs less");
	fake_end(b);
}

static void
test_length(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;

	set.limit_topic_length = 16;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[5,\"0123456789abcdef\"]");
	tap_str(fake_hear(p), "", "a topic of the longest length");
	fake_say(p, "[1,\"a\",\"0123456789/\"]");
	fake_say(p, "[2,\"p\",\"wampd.publish\",\"0123456789abcdefg\",1]");
	tap_ok(has(fake_hear(p), "the topic is too long"),
	    "a longer one is no argument");
	fake_say(p, "[5,\"a:bcdefg\"]");
	fake_turn(b);
	tap_ok(p->closed, "nor one that its prefix makes longer");
	tap_int((int64_t)b->stats.limited_topic_length, 1, "that is counted");
	fake_end(b);
}

static void
test_topics(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p, *q;

	set.limit_topics = 2;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_WS);
	q = fake_open(b, WIRE_LINE);
	fake_say(p, "[5,\"a\"]");
	fake_say(p, "[5,\"b\"]");
	fake_say(q, "[5,\"c\"]");
	tap_ok(has(fake_hear(q), "\"limits.topics is 2, and as many are in "
	    "use\"]"), "one topic too many is refused");
	tap_int((int64_t)b->stats.limited_topics, 1, "and counted");
	fake_say(q, "[5,\"a\"]");
	tap_str(fake_hear(q), "", "one that is in use is not");
	fake_say(p, "[6,\"b\"]");
	fake_say(q, "[5,\"c\"]");
	tap_str(fake_hear(q), "", "nor is one when another is left");
	fake_end(b);
}

/* Who has far more than its share makes room. */
static void
test_share(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *good[20], *greedy;
	int i;

	set.limit_topics = 100;
	b = fake_broker(&set);
	greedy = fake_open(b, WIRE_WS);
	for (i = 0; i < 20; i++) {
		good[i] = fake_open(b, WIRE_WS);
		subscribe(good[i], "good", i);
		fake_say(greedy, "[5,\"good%d\"]", i);
	}
	for (i = 0; i < 80; i++)
		subscribe(greedy, "greedy", i);
	tap_int((int64_t)b->topics.nused, 100, "one session takes the rest");
	subscribe(greedy, "greedy", 80);
	tap_int((int64_t)b->topics.nused, 100, "and nothing for itself");
	subscribe(good[0], "more", 0);
	tap_int(good[0]->session->nsubs, 2, "another gets its topic");
	fake_turn(b);
	tap_ok(greedy->closed, "the greedy one is closed");
	tap_int((int64_t)b->topics.nused, 21, "its topics are free");
	tap_int((int64_t)b->stats.sessions_evicted, 1, "that is counted");
	for (i = 0; i < 20; i++)
		if (good[i]->closed)
			break;
	tap_int(i, 20, "nobody else is");
	fake_end(b);
}

/* Sessions that share all topics fairly are not closed for another one. */
static void
test_fair(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p[4], *late;
	int i;

	set.limit_topics = 8;
	b = fake_broker(&set);
	for (i = 0; i < 8; i++) {
		if (i < 4)
			p[i] = fake_open(b, WIRE_WS);
		subscribe(p[i % 4], "t", i);
	}
	late = fake_open(b, WIRE_WS);
	subscribe(late, "late", 0);
	fake_turn(b);
	tap_int(late->session->nsubs, 0, "the newest topic is refused");
	tap_int((int64_t)b->stats.sessions_closed, 0, "nobody is closed");
	fake_end(b);
}

/* Who takes most memory of all goes first. */
static void
test_all(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *good, *greedy;
	int i;

	set.limit_memory = 100 << 10;
	set.come_back = COME_BACK_CODE;
	b = fake_broker(&set);
	good = fake_open(b, WIRE_WS);
	greedy = fake_open(b, WIRE_WS);
	for (i = 0; i < 10; i++)
		subscribe(good, "good", i);
	for (i = 0; i < 500; i++)
		subscribe(greedy, "greedy", i);
	fake_turn(b);
	fake_turn(b);
	tap_ok(greedy->closed && greedy->code == CLOSE_POLICY,
	    "the session with the largest account is closed");
	tap_ok(!good->closed, "the other is not");
	tap_int((int64_t)b->sessions.memory,
	    (int64_t)account_of(good->session), "only its account is left");
	fake_end(b);
}

/* What is noted about refusals is paid for, too. */
static void
test_refusals(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;
	int i;

	set.limit_subscriptions = 1;
	set.limit_memory_session = 20000;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[5,\"t\"]");
	for (i = 0; i < 10; i++)
		fake_say(p, "[5,\"%04000d\"]", i);
	tap_ok(account_of(p->session) > 16000 &&
	    account_of(p->session) <= 20000, "refusals fill an account");
	tap_int((int64_t)b->stats.limited_subscriptions, 10,
	    "all of them are counted");
	(void)fake_hear(p);
	fake_say(p, "[2,\"b\",\"wampd.barrier\"]");
	tap_ok(has(fake_hear(p), "\"subscribe\":{\"refused\":10,"),
	    "the barrier tells their number");
	tap_ok(account_of(p->session) < 1000, "then they are forgotten");
	fake_end(b);
}

int
main(void)
{
	test_subscriptions();
	test_session();
	test_inherit();
	test_prefixes();
	test_length();
	test_topics();
	test_share();
	test_fair();
	test_all();
	test_refusals();
	return tap_done();
}
