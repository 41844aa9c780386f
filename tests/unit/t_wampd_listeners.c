/*
 * t_wampd_listeners.c: who listens to what, as wampd.sessions and wampd.topics
 * tell it: within bounds, however much that is.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/admin/listing.h"

#define CROWD	9000
#define LONG	2000	/* bytes of a topic, nearly all that is told of one
			 * session */
#define WATCHES	(8 * LISTING_PIECE)

static struct broker *
roomy_broker(void)
{
	struct broker_settings set = fake_settings();

	set.limit_sessions = CROWD + 2;
	set.limit_subscriptions = WATCHES + 10;
	set.limit_queue = 256u << 20;
	set.limit_queues = 1u << 30;
	return fake_broker(&set);
}

/* What the procedure answers, however many turns it takes. */
static const char *
ask(struct broker *b, struct fake_peer *p, const char *procedure, int *turns)
{
	(void)fake_hear(p);
	buf_reset(&p->out);
	fake_say(p, "[2,\"i\",\"%s\"]", procedure);
	for (*turns = 0; p->out.len == 0 && *turns < 10000; ++*turns)
		(void)fake_turn(b);
	return buf_cstr(&p->out);
}

/* Is the text in the object of that session or topic? */
static bool
tells(const char *answer, const char *key, const char *name,
    const char *text)
{
	const char *at, *end;
	char head[64];

	(void)snprintf(head, sizeof(head), "{\"%s\":\"%s\"", key, name);
	if ((at = strstr(answer, head)) == NULL)
		return false;
	end = strchr(at, '}');
	at = strstr(at, text);
	return at != NULL && at < end;
}

static void
test_few(void)
{
	struct broker *b = roomy_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);
	const char *said;
	char ids[64];
	int turns;

	fake_say(p, "[5,\"a/1\"]");
	fake_say(p, "[5,\"a/2\"]");
	fake_say(q, "[5,\"a/2\"]");
	fake_say(q, "[2,\"w\",\"wampd.subscribe\",\"a/\","
	    "{\"match\":\"prefix\"}]");
	fake_say(q, "[2,\"w\",\"wampd.subscribe\",\"\","
	    "{\"match\":\"prefix\"}]");
	said = ask(b, p, "wampd.sessions", &turns);
	tap_ok(tells(said, "session", p->id, "\"subscriptions\":2,"
	    "\"topics\":[\"a/2\",\"a/1\"],\"prefixes\":[],\"more\":0,"),
	    "a session's topics");
	tap_ok(tells(said, "session", q->id, "\"subscriptions\":3,"
	    "\"topics\":[\"a/2\"],\"prefixes\":[\"\",\"a/\"],\"more\":0,"),
	    "and the prefixes that it is subscribed to");
	said = ask(b, p, "wampd.topics", &turns);
	(void)snprintf(ids, sizeof(ids), "\"sessions\":[\"%s\",\"%s\"],",
	    p->id, q->id);
	tap_ok(tells(said, "topic", "a/2", "\"subscribers\":2,"
	    "\"watchers\":1,"), "a session with two prefixes is one watcher");
	tap_ok(tells(said, "topic", "a/2", ids), "a topic's sessions");
	fake_leave(q);
	(void)fake_turn(b);
	said = ask(b, p, "wampd.topics", &turns);
	tap_ok(tells(said, "topic", "a/2", "\"subscribers\":1,"
	    "\"watchers\":0,"), "watchers end with their session");
	tap_int((int64_t)b->nprefix_subs, 0, "and are not counted any more");
	fake_end(b);
}

static void
test_many(void)
{
	struct broker *b = roomy_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE), *q;
	const char *said;
	char name[LONG + 200];
	int i, turns;

	for (i = 0; i < 40; i++)
		fake_say(p, "[5,\"t/%d\"]", i);
	for (i = 0; i < 20; i++)
		fake_say(fake_open(b, WIRE_WS), "[5,\"t/0\"]");
	said = ask(b, p, "wampd.sessions", &turns);
	tap_ok(tells(said, "session", p->id, "\"topics\":[\"t/39\","),
	    "of many topics, the latest are named");
	tap_ok(tells(said, "session", p->id, "\"t/24\"],\"prefixes\":[],"
	    "\"more\":24,"), "sixteen, and the rest is counted");
	said = ask(b, p, "wampd.topics", &turns);
	tap_ok(tells(said, "topic", "t/0", "],\"more\":5,"),
	    "a topic's sessions likewise");
	/* One that has no room does not hide those that have. */
	q = fake_open(b, WIRE_LINE);
	(void)memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	fake_say(q, "[5,\"short\"]");
	fake_say(q, "[5,\"%s\"]", name);
	said = ask(b, p, "wampd.sessions", &turns);
	tap_ok(tells(said, "session", q->id, "\"topics\":[\"short\"],"
	    "\"prefixes\":[],\"more\":1,"), "a name that is too long");
	fake_end(b);
}

/* All sessions have a topic of two kilobytes: what is told of them does not
 * grow with that without end. */
static void
test_whole(void)
{
	struct broker *b = roomy_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE), *last = NULL;
	char name[LONG + 1];
	const char *said;
	int i, turns;

	(void)memset(name, 'y', LONG);
	name[LONG] = '\0';
	for (i = 0; i < CROWD; i++) {
		last = fake_open(b, WIRE_WS);
		fake_say(last, "[5,\"%s\"]", name);
		if (i % 512 == 0)
			(void)fake_turn(b);
	}
	said = ask(b, p, "wampd.sessions", &turns);
	tap_ok(tells(said, "session", last->id, "\"topics\":[],"
	    "\"prefixes\":[],\"more\":1,"), "a large answer names no more");
	tap_ok(strlen(said) < (17u << 20) + CROWD * 300,
	    "and stays within bounds");
	tap_ok(turns >= CROWD / LISTING_PIECE, "and is made in pieces");
	fake_end(b);
}

/* Each item is compared with all prefixes, so with many of them a turn lists
 * fewer items. */
static void
test_pieces(void)
{
	struct broker *b = roomy_broker();
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);
	int i, few, many;

	for (i = 0; i < LISTING_PIECE; i++)
		fake_say(p, "[5,\"t/%d\"]", i);
	(void)ask(b, p, "wampd.topics", &few);
	for (i = 0; i < WATCHES; i++)
		fake_say(q, "[2,\"w\",\"wampd.subscribe\",\"%d\","
		    "{\"match\":\"prefix\"}]", i);
	(void)ask(b, p, "wampd.topics", &many);
	tap_ok(many > few + 5, "many prefixes, fewer items a turn");
	fake_end(b);
}

int
main(void)
{
	test_few();
	test_many();
	test_whole();
	test_pieces();
	return tap_done();
}
