/*
 * t_wampd_compress.c: compressed messages in the queues of slow sessions.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"

/* An event of more than 200 bytes, which is compressed to less than 50. */
#define FOUR	",\"order\",\"order\",\"order\",\"order\""
#define EVENT	"[7,\"t\",[%d" FOUR FOUR FOUR FOUR FOUR FOUR FOUR "]]"

static const char *
line_of(const char *text, const char *start)
{
	const char *line = strstr(text, start);

	return line != NULL ? line + strlen(start) : "";
}

static void
test_same(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *packed[2], *plain = fake_open(b, WIRE_WS);
	struct fake_peer *pub = fake_open(b, WIRE_LINE);
	char event[1000];
	uint64_t written;
	int i;

	for (i = 0; i < 2; i++) {
		packed[i] = fake_open_compressed(b);
		fake_say(packed[i], "[5,\"t\"]");
	}
	fake_say(plain, "[5,\"t\"]");
	written = b->stats.bytes_written;
	fake_say(pub, EVENT, 1);
	(void)snprintf(event, sizeof(event), "%s",
	    line_of(fake_hear(plain), "TEXT "));
	tap_ok(strlen(event) > 200, "a session gets an event as it is");
	for (i = 0; i < 2; i++)
		tap_str(line_of(fake_hear(packed[i]), "PACKED "), event,
		    "another gets the same, compressed");
	tap_int((int64_t)b->stats.frames_compressed, 1, "it is made once");
	tap_ok(b->stats.bytes_written - written < 2 * strlen(event),
	    "which saves bytes");
	fake_say(packed[0], "[2,\"i\",\"wampd.help\"]");
	tap_ok(has(fake_hear(packed[0]), "PACKED [3,\"i\",["),
	    "a large result is compressed, too");
	fake_say(packed[0], "[2,\"i\",\"wampd.echo\",1]");
	tap_str(fake_hear(packed[0]), "TEXT [3,\"i\",[1]]\n",
	    "a small one is not");
	fake_end(b);
}

static struct broker *
dropping_broker(const char *overflow)
{
	struct broker_settings set = fake_settings();
	struct buf handler = { 0 };
	struct broker_parts parts;

	if (buf_addf(&handler, "t: { type: broadcast, overflow: %s }\n",
	    overflow) == -1)
		abort();
	parts = fake_parts("t: { channel: t, handler: t }\n",
	    buf_cstr(&handler));
	buf_clear(&handler);
	set.limit_queue = 10000;
	return fake_broker_of(&set, &parts);
}

/* A slow session loses compressed events like others, but more fit into its
 * queue. */
static void
test_drop(const char *overflow)
{
	struct broker *b = dropping_broker(overflow);
	struct fake_peer *slow = fake_open_compressed(b);
	struct fake_peer *plain = fake_open(b, WIRE_WS);
	struct fake_peer *pub = fake_open(b, WIRE_LINE);
	const char *text;
	int i, n = 0;

	fake_say(slow, "[5,\"t\"]");
	fake_say(plain, "[5,\"t\"]");
	slow->room = plain->room = 0;
	for (i = 0; i < 1000; i++) {
		if (!fake_say(pub, EVENT, i))
			break;
		(void)fake_turn(b);
	}
	tap_int(i, 1000, "%s: the publisher never waits", overflow);
	tap_ok(slow->session->queue.bytes <= 5200, "the queue is bounded");
	fake_drain(plain, SIZE_MAX);
	fake_drain(slow, SIZE_MAX);
	for (text = fake_hear(slow); (text = strstr(text, "PACKED [8,")) !=
	    NULL; text++)
		n++;
	tap_ok(n >= 60, "compressed events wait in it: %d", n);
	text = fake_hear(plain);
	for (i = 0; (text = strstr(text, "TEXT [8,")) != NULL; text++)
		i++;
	tap_ok(n >= 2 * i, "of events as they are, fewer fit: %d", i);
	tap_int(n + i + (int64_t)b->stats.events_dropped, 2000,
	    "all others are counted as dropped");
	tap_int((int64_t)b->pressure.frame_bytes, 0, "no memory is left");
	fake_end(b);
}

/* An event that must not be lost pauses its publisher. */
static void
test_pause(void)
{
	struct broker_settings set = fake_settings();
	struct fake_peer *slow, *pub;
	struct broker *b;
	size_t bytes;
	int i;

	set.limit_queue = 10000;
	b = fake_broker(&set);
	slow = fake_open_compressed(b);
	pub = fake_open(b, WIRE_LINE);
	fake_say(slow, "[5,\"t\"]");
	slow->room = 0;
	for (i = 0; i < 1000 && fake_say(pub, EVENT, i); i++)
		(void)fake_turn(b);
	tap_ok(pub->paused, "a session that does not read pauses a publisher");
	tap_ok(slow->session->slow != NULL, "it is slow");
	bytes = slow->session->queue.bytes;
	tap_ok(bytes > 5000 && bytes < 5200,
	    "what counts are the compressed bytes");
	tap_ok(b->pressure.frame_bytes > bytes &&
	    b->pressure.frame_bytes < (size_t)i * 150,
	    "only the compressed frames take memory");
	fake_drain(slow, SIZE_MAX);
	(void)fake_turn(b);
	tap_ok(!pub->paused, "when it reads, the publisher goes on");
	tap_int((int64_t)b->pressure.frame_bytes, 0, "no memory is left");
	fake_end(b);
}

int
main(void)
{
	test_same();
	test_drop("drop-oldest");
	test_drop("drop-newest");
	test_pause();
	return tap_done();
}
