/*
 * t_wampd_drop.c: receivers that do not keep up, and handlers that would
 * rather lose events than wait for them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"

static struct broker *
dropping_broker(const char *overflow, struct fake_peer **slow,
    struct fake_peer **pub)
{
	struct broker_settings set = fake_settings();
	struct buf handlers = { 0 };
	struct broker_parts parts;
	struct broker *b;

	if (buf_addf(&handlers, "t: { type: broadcast, overflow: %s }\n"
	    "u: { type: broadcast }\n", overflow) == -1)
		abort();
	parts = fake_parts("t: { channel: t, handler: t }\n"
	    "u: { channel: u, handler: u }\n", buf_cstr(&handlers));
	buf_clear(&handlers);
	set.limit_queue = 10000;
	b = fake_broker_of(&set, &parts);
	*slow = fake_open(b, WIRE_LINE);
	*pub = fake_open(b, WIRE_LINE);
	fake_say(*slow, "[5,\"t\"]");
	fake_say(*slow, "[5,\"u\"]");
	(*slow)->room = 0;
	fake_say(*pub, "[7,\"u\",\"first\"]");
	return b;
}

/* Read lines of numbered events; the first and the last number. */
static size_t
heard(struct fake_peer *p, int *first, int *last)
{
	const char *line = fake_hear(p);
	size_t n = 0;
	int number;

	for (; (line = strstr(line, "[8,\"t\",\"")) != NULL; line++) {
		number = atoi(line + strlen("[8,\"t\",\""));
		if (n++ == 0)
			*first = number;
		*last = number;
	}
	return n;
}

static void
test_drop(const char *overflow, bool oldest)
{
	struct fake_peer *slow, *pub;
	struct broker *b = dropping_broker(overflow, &slow, &pub);
	int i, first = -1, last = -1;
	size_t n;

	for (i = 0; i < 1000; i++) {
		if (!fake_say(pub, "[7,\"t\",\"%0100d\"]", i))
			break;
		fake_turn(b);
	}
	tap_int(i, 1000, "%s: the publisher never waits", overflow);
	tap_ok(slow->session->queue.bytes <= 5200, "the queue is bounded");
	tap_ok(!slow->closed, "its receiver stays");
	fake_say(pub, "[2,\"i\",\"wampd.sessions\"]");
	tap_ok(strstr(fake_hear(pub), "\"dropped\":9") != NULL,
	    "what was dropped is told");
	fake_drain(slow, SIZE_MAX);
	tap_ok(strncmp(slow->out.data, "[8,\"u\",\"first\"]\n", 16) == 0,
	    "what may not be dropped is not");
	n = heard(slow, &first, &last);
	tap_int((int64_t)(n + b->stats.events_dropped), 1000,
	    "delivered or dropped and counted");
	tap_int(last - first + 1, (int64_t)n, "no holes");
	tap_int(oldest ? last : first, oldest ? 999 : 0,
	    "%s are gone", oldest ? "the oldest" : "the newest");
	fake_end(b);
}

/* Events of both kinds for one receiver: those that may be dropped must not
 * make anyone wait, nor cost it the session. */
static void
test_drop_mixed(const char *overflow)
{
	struct fake_peer *slow, *pub;
	struct broker *b = dropping_broker(overflow, &slow, &pub);
	int i;

	for (i = 0; i < 1000; i++)
		fake_say(pub, "[7,\"t\",\"%0100d\"]", i);
	fake_drain(slow, 1);
	for (i = 0; b->now < 20000; i++) {
		fake_say(pub, "[7,\"t\",\"%0100d\"]", i);
		if (i % 10 == 0)
			fake_say(pub, "[7,\"u\",%d]", i);
		fake_pass(b, 20);
		if (slow->session != NULL)
			fake_drain(slow, 200);
		fake_pass(b, 20);
	}
	tap_ok(!slow->closed, "%s: an event that is not dropped costs nobody "
	    "the session", overflow);
	tap_ok(slow->session->queue.bytes <= 5300, "the queue is bounded");
	tap_ok(!pub->paused, "its publisher goes on");
	slow->room = 0;
	while (!slow->closed && fake_say(pub, "[7,\"u\",\"%0100d\"]", 0))
		fake_turn(b);
	tap_ok(pub->paused, "it waits when too many of those are queued");
	fake_pass(b, 1000);
	fake_turn(b);
	tap_ok(slow->closed && !pub->paused, "until the receiver is closed");
	fake_end(b);
}

static void
say_many(struct fake_peer *pub, char topic, int *number, int n)
{
	for (; n > 0; n--)
		fake_say(pub, "[7,\"%c\",%d]", topic, (*number)++);
}

/* How many numbered events of the topic there are in text; -1 when one that is
 * not the last is followed by another than the next. */
static int
count_row(const char *text, char topic, int *last)
{
	char start[16];
	int n, before = -1;

	(void)snprintf(start, sizeof(start), "[8,\"%c\",", topic);
	for (n = 0; (text = strstr(text, start)) != NULL; n++) {
		text += strlen(start);
		*last = atoi(text);
		if (before != -1 && *last != before + 1)
			return -1;
		before = *last;
	}
	return n;
}

/* Both kinds in turn, so that some, all and none of the frames that lie
 * together in the queue may be dropped. */
static void
test_drop_between(void)
{
	struct fake_peer *slow, *pub;
	struct broker *b = dropping_broker("drop-oldest", &slow, &pub);
	int i, n, last = -1, kept = 0, lost = 0;
	const char *text;

	fake_turn(b);
	for (i = 1; i < 80; i += 13) {
		say_many(pub, 'u', &kept, i);
		say_many(pub, 't', &lost, 200 - i);
	}
	fake_turn(b);
	tap_ok(slow->session->queue.bytes <= 5100, "between: bounded");
	fake_drain(slow, SIZE_MAX);
	text = strchr(fake_hear(slow), '\n');	/* behind the first */
	tap_int(count_row(text, 'u', &last), kept, "between: those that may "
	    "not be dropped are all there, in order");
	n = count_row(text, 't', &last);
	tap_ok(n > 0 && last == lost - 1, "the newest of the others are");
	tap_int(n + (int64_t)b->stats.events_dropped, lost,
	    "and the rest are counted");
	tap_int((int64_t)slow->session->queue.bytes, 0, "nothing is left");
	tap_int((int64_t)b->pressure.pool.used, 0, "nor held");
	fake_end(b);
}

/* A ping behind events that may be dropped makes nobody wait. */
static void
test_drop_pinged(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "t: { channel: t, handler: t }\n",
	    "t: { type: broadcast, overflow: drop-newest }\n");
	struct fake_peer *slow, *pub;
	struct broker *b;

	set.limit_queue = 10000;
	set.keepalive = 1000;
	b = fake_broker_of(&set, &parts);
	slow = fake_open(b, WIRE_WS);
	pub = fake_open(b, WIRE_LINE);
	fake_say(slow, "[5,\"t\"]");
	slow->room = 0;
	slow->taking = true;
	while (b->now < 20000) {
		fake_say(pub, "[7,\"t\",\"%0100d\"]", 0);
		fake_pass(b, 10);
	}
	tap_ok(!slow->closed && slow->session->slow == NULL,
	    "a ping among them does not begin a stall");
	fake_end(b);
}

int
main(void)
{
	test_drop("drop-oldest", true);
	test_drop("drop-newest", false);
	test_drop_mixed("drop-oldest");
	test_drop_mixed("drop-newest");
	test_drop_between();
	test_drop_pinged();
	return tap_done();
}
