/*
 * t_wampd_crowd.c: what a crowd costs: bytes of the heap for each session and
 * subscription, which come back when it leaves, pings in slices, how much one
 * turn does, and the bound on what all of it may leave unread.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "wampd/core/bounds.h"
#include "tap.h"

#define CROWD		2000	/* sessions */
#define SHARED		10	/* topics that all of them listen to */
#define OWN		20000	/* topics that one listens to alone */
#define KEEPALIVE	30000	/* ms */

static struct fake_peer *crowd[CROWD];

/* Bytes in use.  A sanitizer counts nothing there. */
static int64_t
heap(void)
{
	struct mallinfo2 m = mallinfo2();

	return (int64_t)(m.uordblks + m.hblkhd);
}

static bool
heap_is_counted(void)
{
	int64_t before = heap();
	char *p = malloc(1 << 20);
	bool grew = p != NULL && heap() > before;

	free(p);
	return grew;
}

/* A broker with a crowd, and room for it. */
static struct broker *
crowd_broker(struct broker_settings set)
{
	struct broker *b;
	int i;

	set.limit_sessions = CROWD;
	set.limit_subscriptions = SHARED;
	b = fake_broker(&set);
	for (i = 0; i < CROWD; i++)
		crowd[i] = fake_open(b, WIRE_WS);
	return b;
}

/* ---- ids ---- */

/* In a crowd that large, one in 64 would begin with any given character. */
static void
test_ids(void)
{
	struct broker *b = crowd_broker(fake_settings());
	bool same = false, option = false;
	int i;

	for (i = 0; i < CROWD; i++) {
		option |= crowd[i]->id[0] == '-';
		same |= sessions_find(&b->sessions, slice_str(crowd[i]->id)) !=
		    crowd[i]->session;
	}
	tap_ok(!same, "each of a crowd has an id of its own");
	tap_ok(!option, "none of which looks like an option");
	fake_end(b);
}

/* ---- bytes ---- */

static void
at_most(int64_t bytes, int64_t ceiling, const char *what)
{
	if (!heap_is_counted())
		tap_ok(true, "%s # SKIP this heap is not counted", what);
	else if (!tap_ok(bytes > 0 && bytes <= ceiling, "%s: at most %lld "
	    "bytes", what, (long long)ceiling))
		tap_int(bytes, ceiling, "%s", what);
}

static void
test_subscription_bytes(void)
{
	struct broker *b = crowd_broker(fake_settings());
	int64_t before = heap();
	int i, t;

	for (i = 0; i < CROWD; i++)
		for (t = 0; t < SHARED; t++)
			fake_say(crowd[i], "[5,\"oro/data/update/%d\"]", t);
	tap_int((int64_t)b->topics.subs.count, CROWD * SHARED,
	    "all subscribed");
	at_most((heap() - before) / (CROWD * SHARED), 120,
	    "a subscription to a topic of many");
	fake_end(b);
}

static void
test_topic_bytes(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *p;
	struct broker *b;
	int64_t before;
	int t;

	set.limit_subscriptions = OWN;
	set.limit_memory_session = 1 << 30;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_WS);
	before = heap();
	for (t = 0; t < OWN; t++)
		fake_say(p, "[5,\"oro/data/update/%d\"]", t);
	tap_int((int64_t)b->topics.subs.count, OWN, "all subscribed");
	at_most((heap() - before) / OWN, 410,
	    "a topic with one subscription");
	fake_end(b);
}

/* ---- leaving ---- */

static void
test_reclaim_wait(void)
{
	struct reclaim r = { 0 };

	tap_int(reclaim_wait(&r, 0, 10), -1, "nothing is held");
	tap_int(reclaim_wait(&r, 3000, 10), -1, "nothing has left");
	tap_int(reclaim_wait(&r, 1501, 10), -1, "less than half has left");
	tap_int(reclaim_wait(&r, 1500, 10), 1000, "half has: in a second");
	tap_int(reclaim_wait(&r, 100, 510), 500, "more leave meanwhile");
	tap_int(reclaim_wait(&r, 0, 1010), 0, "now");
	tap_int(reclaim_wait(&r, 0, 1011), -1, "once");
	tap_int(reclaim_wait(&r, 900, 2000), -1, "a few come");
	tap_int(reclaim_wait(&r, 0, 2000), -1, "and leave: not worth it");
	tap_int(reclaim_wait(&r, 1000, 2000), -1, "a thousand is");
	tap_int(reclaim_wait(&r, 0, 2000), 1000, "worth it");
	tap_int(reclaim_wait(&r, 600, 2500), -1, "unless others come");
}

/* One of the crowd stays, so no map is empty. */
static void
test_given_back(void)
{
	struct broker *b = crowd_broker(fake_settings());
	size_t slots = b->sessions.by_id.cap;
	int64_t wait;
	int i;

	(void)fake_turn(b);
	for (i = 1; i < CROWD; i++)
		fake_leave(crowd[i]);
	while ((wait = fake_turn(b)) == 0)
		;
	tap_int(wait, 1000, "the loop wakes up for it");
	tap_int((int64_t)b->sessions.by_id.cap, (int64_t)slots, "not at once");
	broker_set_now(b, 1000);
	tap_int(fake_turn(b), -1, "but then");
	tap_ok(b->sessions.by_id.cap <= 8, "the map of sessions has shrunk");
	tap_ok(sessions_find(&b->sessions, slice_str(crowd[0]->id)) != NULL,
	    "and still knows who has stayed");
	fake_end(b);
}

/* ---- pings ---- */

/* How many were pinged in this turn; each of them answers. */
static int
pinged(void)
{
	int i, n = 0;

	for (i = 0; i < CROWD; i++)
		if (crowd[i]->session->pinged && !crowd[i]->session->heard) {
			session_heard(crowd[i]->session);
			n++;
		}
	return n;
}

/* All came at once, so all are due at once. */
static void
test_sweep(void)
{
	struct broker_settings set = fake_settings();
	int64_t now, wait = 0;
	int n, all = 0, most = 0;
	struct broker *b;

	set.keepalive = KEEPALIVE;
	b = crowd_broker(set);
	for (now = 0; now <= KEEPALIVE * 3 / 2; now += wait) {
		broker_set_now(b, now);
		wait = fake_turn(b);
		n = pinged();
		all += n;
		if (n > most)
			most = n;
	}
	tap_int(all, CROWD, "each is pinged, within half a period");
	tap_ok(most > 0 && most <= CROWD / 128 + 64,
	    "twice a slice's share at most in a turn");
	tap_int((int64_t)b->stats.sessions_dead, 0, "none is given up");
	fake_end(b);
}

/* ---- what one turn does ---- */

static unsigned
writes_of_crowd(void)
{
	unsigned n = 0;
	int i;

	for (i = 0; i < CROWD; i++)
		n += crowd[i]->writes;
	return n;
}

/* One event for all of them, and one for somebody else meanwhile. */
static void
test_turn_flushes(void)
{
	struct broker *b = crowd_broker(fake_settings());
	struct fake_peer *one = fake_open(b, WIRE_LINE);
	unsigned before, n, all = 0;
	int i, turns = 0;

	for (i = 0; i < CROWD; i++)
		fake_say(crowd[i], "[5,\"t\"]");
	fake_say(one, "[7,\"t\",1]");
	before = writes_of_crowd();
	tap_int(fake_turn(b), 0, "a turn with much to say is followed by one");
	n = writes_of_crowd() - before;
	tap_int(n, TURN_FLUSHES, "it writes to as many as it may");
	fake_say(one, "[2,\"i\",\"wampd.echo\",1]");
	before = one->writes;
	(void)fake_turn(b);
	tap_int(one->writes - before, 1, "who comes meanwhile does not wait");
	for (; fake_turn(b) == 0; turns++)
		;
	for (i = 0; i < CROWD; i++)
		all += crowd[i]->out.len > 0;
	tap_int(all, CROWD, "all are written to");
	tap_ok(turns <= CROWD / TURN_FLUSHES + 1, "in no more turns");
	fake_end(b);
}

/* Many small messages in one turn: what they led to leaves before its end. */
static void
test_turn_messages(void)
{
	struct broker *b = crowd_broker(fake_settings());
	struct fake_peer *p = crowd[0];
	int i;

	(void)fake_turn(b);
	for (i = 1; i < TURN_MESSAGES; i++)
		fake_say(p, "[2,\"i\",\"wampd.echo\",1]");
	tap_int((int64_t)p->out.len, 0, "what is said waits for the end");
	fake_say(p, "[2,\"i\",\"wampd.echo\",1]");
	tap_ok(p->out.len > 0, "but no longer than for so many messages");
	fake_end(b);
}

/* All are closed at once: by an administrator, or because they left. */
static void
test_turn_closes(bool left)
{
	struct broker *b = crowd_broker(fake_settings());
	struct fake_peer *one = fake_open(b, WIRE_LINE);
	int i, n, closed = 0, most = 0;

	(void)fake_turn(b);
	for (i = 0; i < CROWD; i++)
		if (left)
			fake_leave(crowd[i]);
		else
			session_doom(crowd[i]->session, 1000, "test");
	while (!TAILQ_EMPTY(&b->sessions.doomed)) {
		if (fake_turn(b) != 0)
			break;
		for (i = n = 0; i < CROWD; i++)
			n += crowd[i]->closed;
		if (n - closed > most)
			most = n - closed;
		closed = n;
		fake_say(one, "[2,\"i\",\"wampd.info\"]");
	}
	(void)fake_turn(b);
	tap_ok(TAILQ_EMPTY(&b->sessions.doomed), "all are closed in the end");
	if (!left)
		tap_int(most, TURN_CLOSES, "as many in a turn as it may");
	tap_ok(strstr(fake_hear(one), "\"sessions\":1,") != NULL,
	    "while others are answered, and know nothing of them");
	fake_end(b);
}

/* One session that leaves tens of thousands of topics. */
static void
test_turn_topics(void)
{
	struct broker_settings set = fake_settings();
	size_t before, n, subs = 0, topics = 0;
	struct fake_peer *p;
	struct broker *b;
	int t;

	set.limit_subscriptions = OWN;
	set.limit_memory_session = 1 << 30;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_WS);
	for (t = 0; t < OWN; t++)
		fake_say(p, "[5,\"oro/data/update/%d\"]", t);
	fake_leave(p);
	do {
		before = b->topics.subs.count;
		n = b->topics.by_name.count;
		t = (int)fake_turn(b);
		if (before - b->topics.subs.count > subs)
			subs = before - b->topics.subs.count;
		if (n - b->topics.by_name.count > topics)
			topics = n - b->topics.by_name.count;
	} while (t == 0);
	tap_int((int64_t)subs, TURN_SUBS, "subscriptions end a part each turn");
	tap_ok(topics > 0 && topics <= TURN_TOPICS, "and so do topics");
	tap_int((int64_t)b->topics.subs.count, 0, "until none is left");
	tap_ok(!topic_evict_due(&b->topics), "and few topics are kept");
	fake_end(b);
}

/* ---- limits.queues ---- */

/* The largest queue goes first; others and what is retained stay. */
static void
test_all_queues(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck[10], *pub;
	struct broker *b;
	size_t i, n = 0;

	set.limit_queue = 1 << 20;
	set.limit_queues = 300000;
	b = fake_broker(&set);
	pub = fake_open(b, WIRE_LINE);
	for (i = 0; i < 10; i++) {
		stuck[i] = fake_open(b, WIRE_WS);
		fake_say(stuck[i], "[5,\"t%zu\"]", i);
		stuck[i]->room = 0;
		fake_say(pub, "[7,\"t%zu\",\"%0*d\"]", i, i == 3 ? 60000 :
		    40000, 0);
		fake_turn(b);
	}
	for (i = 0; i < 10; i++)
		n += stuck[i]->closed;
	tap_ok(stuck[3]->closed, "the largest queue goes");
	tap_int(stuck[3]->code, 0, "without a code");
	tap_int((int64_t)n, 3, "and as many more as must");
	tap_int((int64_t)b->stats.sessions_evicted, 3, "they are counted");
	tap_ok(b->pressure.frame_bytes <= 300000, "memory is bounded");
	fake_end(b);
}

/* When all are slow, and none more than the others, some go. */
static void
test_all_queues_alike(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *stuck[20], *pub;
	struct broker *b;
	size_t i, n = 0;

	set.limit_queues = 5 * sizeof(struct queue_chunk) + 400;
	b = fake_broker(&set);
	pub = fake_open(b, WIRE_LINE);
	for (i = 0; i < 20; i++) {
		stuck[i] = fake_open(b, WIRE_WS);
		fake_say(stuck[i], "[5,\"t\"]");
		stuck[i]->room = 0;
	}
	fake_say(pub, "[7,\"t\",1]");
	fake_say(pub, "[7,\"t\",2]");
	fake_turn(b);
	for (i = 0; i < 20; i++)
		n += stuck[i]->closed;
	tap_int((int64_t)n, 15, "of a slow crowd as many go as must");
	tap_ok(stuck[0]->closed && !stuck[19]->closed, "the oldest first");
	fake_end(b);
}

int
main(void)
{
	test_ids();
	test_subscription_bytes();
	test_topic_bytes();
	test_reclaim_wait();
	test_given_back();
	test_sweep();
	test_turn_flushes();
	test_turn_messages();
	test_turn_closes(false);
	test_turn_closes(true);
	test_turn_topics();
	test_all_queues();
	test_all_queues_alike();
	return tap_done();
}
