/*
 * t_wampd_page.c: answers that are the first items of a long list: sorted,
 * limited, searched, and made a piece a turn.
 */
#include <stdio.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/admin/page.h"

#define CROWD	(3 * PAGE_PIECE)

static struct fake_peer *crowd[CROWD];

static struct broker *
crowd_broker(int n)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	int i;

	set.limit_sessions = CROWD + 10;
	b = fake_broker(&set);
	for (i = 0; i < n; i++)
		crowd[i] = fake_open(b, WIRE_WS);
	return b;
}

/* What the procedure answers, however many turns it takes. */
static const char *
ask(struct broker *b, struct fake_peer *p, const char *call, int *turns)
{
	int ignored;

	turns = turns != NULL ? turns : &ignored;
	(void)fake_hear(p);
	buf_reset(&p->out);
	fake_say(p, "[2,\"i\",%s]", call);
	for (*turns = 0; p->out.len == 0 && *turns < 1000; ++*turns)
		(void)fake_turn(b);
	return buf_cstr(&p->out);
}

/* The place of a session among those of the answer, from 0; -1: none. */
static int
place(const char *answer, const struct fake_peer *one)
{
	const char *at = answer;
	int n = 0;

	while ((at = strstr(at, "{\"session\":\"")) != NULL) {
		at += strlen("{\"session\":\"");
		if (strncmp(at, one->id, strlen(one->id)) == 0)
			return n;
		n++;
	}
	return -1;
}

static int
count(const char *answer, const char *text)
{
	int n = 0;

	for (; (answer = strstr(answer, text)) != NULL; answer++)
		n++;
	return n;
}

static void
say_often(struct fake_peer *p, int n)
{
	while (n-- > 0)
		fake_say(p, "[6,\"t\"]");
}

static void
test_sorted(void)
{
	struct broker *b = crowd_broker(20);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	const char *said;

	say_often(crowd[7], 30);
	say_often(crowd[3], 20);
	say_often(crowd[11], 10);
	said = ask(b, p, "\"wampd.sessions\","
	    "{\"sort\":\"received\",\"limit\":3}", NULL);
	tap_int(place(said, crowd[7]), 0, "who sent most comes first");
	tap_int(place(said, crowd[3]), 1, "then the next");
	tap_int(place(said, crowd[11]), 2, "and the next");
	tap_int(count(said, "\"session\":"), 3, "as many as asked for");
	said = ask(b, p, "\"wampd.sessions\","
	    "{\"sort\":\"received\",\"order\":\"asc\",\"limit\":20}", NULL);
	tap_int(place(said, crowd[11]), 18, "ascending, the other way round");
	tap_int(place(said, crowd[0]), 0, "the oldest first among equals");
	said = ask(b, p, "\"wampd.sessions\",{\"limit\":2}", NULL);
	tap_int(place(said, crowd[1]), 1, "unsorted, oldest first");
	tap_int(count(said, "\"rate\":"), 2, "with the rate of each");
	fake_end(b);
}

static void
test_match(void)
{
	struct broker *b = crowd_broker(5);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	const char *said;
	char call[128];

	(void)snprintf(call, sizeof(call), "\"wampd.sessions\","
	    "{\"match\":\"%.12s\"}", crowd[4]->id);
	said = ask(b, p, call, NULL);
	tap_int(place(said, crowd[4]), 0, "the session with that text");
	tap_int(count(said, "\"session\":"), 1, "and no other");
	said = ask(b, p, "\"wampd.sessions\",{\"match\":\"ANONYM\"}", NULL);
	tap_int(count(said, "\"session\":"), 5, "in any case of letters");
	said = ask(b, p, "\"wampd.sessions\",{\"match\":\"no such\"}", NULL);
	tap_str(said, "[3,\"i\",[]]\n", "nothing is an empty list");
	said = ask(b, p, "\"wampd.sessions\",{\"slow\":true}", NULL);
	tap_str(said, "[3,\"i\",[]]\n", "as if none is slow");
	fake_end(b);
}

static void
test_topics(void)
{
	struct broker *b = crowd_broker(3);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	const char *said;

	fake_say(crowd[0], "[5,\"one\"]");
	fake_say(crowd[0], "[5,\"Zwei\"]");
	fake_say(crowd[1], "[5,\"Zwei\"]");
	said = ask(b, p, "\"wampd.topics\","
	    "{\"sort\":\"subscribers\",\"limit\":1}", NULL);
	tap_int(count(said, "{\"topic\":\"Zwei\",\"subscribers\":2"), 1,
	    "the topic with most subscribers");
	tap_int(count(said, "\"topic\":"), 1, "alone");
	said = ask(b, p, "\"wampd.topics\",{\"match\":\"zw\"}", NULL);
	tap_int(count(said, "\"topic\":"), 1, "topics are searched, too");
	fake_end(b);
}

static void
test_wrong(void)
{
	static const char *const wrong[] = {
		"1", "\"queued\"", "[1]", "{\"sort\":\"no\"}", "{\"sort\":1}",
		"{\"limit\":0}", "{\"limit\":1001}", "{\"limit\":1.5}",
		"{\"order\":\"up\"}", "{\"match\":1}", "{\"slow\":1}",
		"{\"more\":1}", "{},{}",
	};
	struct broker *b = crowd_broker(1);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	char call[128];
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		(void)snprintf(call, sizeof(call), "\"wampd.sessions\",%s",
		    wrong[i]);
		tap_ok(strstr(ask(b, p, call, NULL),
		    "wampd.error.invalid_argument") != NULL, "%s", wrong[i]);
	}
	tap_ok(strstr(ask(b, p, "\"wampd.sessions\",{\"sort\":\"recived\"}",
	    NULL), "did you mean \\\"received\\\"?") != NULL,
	    "the key that was meant is named");
	tap_ok(strstr(ask(b, p, "\"wampd.topics\",{\"slow\":true}", NULL),
	    "wampd.error.invalid_argument") != NULL, "no topic is slow");
	fake_end(b);
}

static void
test_crowd(void)
{
	struct broker *b = crowd_broker(CROWD);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);
	const char *said;
	int turns;

	say_often(crowd[CROWD - 1], 9);
	say_often(crowd[5], 5);
	say_often(crowd[6], 7);
	said = ask(b, p, "\"wampd.sessions\","
	    "{\"sort\":\"received\",\"limit\":2}", &turns);
	tap_int(place(said, crowd[CROWD - 1]), 0, "all are looked at");
	tap_ok(turns >= CROWD / PAGE_PIECE, "a piece a turn");
	tap_ok(!p->paused, "and the caller is read from again");

	buf_reset(&p->out);
	fake_say(p, "[2,\"j\",\"wampd.sessions\","
	    "{\"sort\":\"received\",\"limit\":2}]");
	(void)fake_turn(b);
	tap_ok(p->out.len == 0 && p->paused, "until then it is not");
	fake_leave(crowd[6]);
	while (p->out.len == 0)
		(void)fake_turn(b);
	said = buf_cstr(&p->out);
	tap_int(place(said, crowd[6]), -1, "who leaves is not in the answer");
	tap_int(place(said, crowd[CROWD - 1]), 0, "others are");

	fake_say(q, "[2,\"k\",\"wampd.sessions\",{\"limit\":1000}]");
	fake_leave(q);
	(void)fake_turn(b);
	(void)fake_turn(b);
	tap_ok(true, "a caller may leave");
	fake_say(p, "[2,\"k\",\"wampd.sessions\",{\"limit\":1000}]");
	fake_end(b);
}

int
main(void)
{
	test_sorted();
	test_match();
	test_topics();
	test_wrong();
	test_crowd();
	return tap_done();
}
