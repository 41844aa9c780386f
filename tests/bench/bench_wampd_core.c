/*
 * bench_wampd_core.c: what the broker's core does for an event, without
 * sockets: from a PUBLISH message to the writes for its subscribers.
 *
 *	bench_wampd_core [-b] SUBSCRIBERS TOPICS PUBLISHERS EVENTS
 *
 * Each topic has so many subscribers, all of them sessions of their own; the
 * publishers publish in turn, on one topic behind the other.  A turn of the
 * loop ends behind each event; with -b behind each 100, as in a burst.
 *
 * Without operands it prints figures and judges nothing; with them it says how
 * many deliveries there were, and tests/cost.bats counts what they took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fake.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/receive.h"
#include "wampd/core/turn.h"
#include "wampd/wamp1/wamp1.h"

#define BURST	100	/* events */

struct load {
	size_t subscribers, topics, publishers, events;
	bool   burst;
};

static ssize_t
sink_write(void *conn, const char *p, size_t n)
{
	(void)conn;
	(void)p;
	return (ssize_t)n;
}

static void
sink_close(void *conn, uint16_t code, const char *reason,
    struct slice unsent)
{
	(void)conn;
	(void)unsent;
	(void)code;
	(void)reason;
}

static void
sink_pause(void *conn, bool on)
{
	(void)conn;
	(void)on;
}

static int
sink_describe(void *conn, struct buf *out)
{
	(void)conn;
	return buf_add_str(out, "sink");
}

static const struct transport_ops sink = {
	.name = "sink", .wire = WIRE_WS, .write = sink_write,
	.close = sink_close, .pause = sink_pause, .describe = sink_describe,
};

static struct session *
session_of(struct broker *b)
{
	static const struct principal local = {
		.who = WHO_ANYONE | WHO_LOCAL | WHO_LOOPBACK, .name = "local",
	};
	static int conn;
	struct session *s = lobby_open(b, &sink, &protocol_wamp1, &conn,
	    &local);

	if (s == NULL)
		abort();
	return s;
}

/* A load under way. */
struct stage {
	const struct load *load;
	struct broker	*broker;
	struct session **publisher;	/* owned */
	struct buf	*message;	/* owned; a PUBLISH for each topic */
};

static void
subscribe(struct stage *st, size_t topic)
{
	struct buf text = { 0 };
	size_t i;

	if (buf_addf(&text, "[5,\"topic/%zu\"]", topic) == -1)
		abort();
	for (i = 0; i < st->load->subscribers; i++)
		(void)receive_message(session_of(st->broker),
		    buf_slice(&text), false);
	buf_clear(&text);
}

static void
stage_open(struct stage *st, const struct load *l)
{
	struct broker_settings set = fake_settings();
	size_t i;

	set.limit_sessions = INT32_MAX;
	st->load = l;
	st->broker = fake_broker(&set);
	st->publisher = calloc(l->publishers, sizeof(*st->publisher));
	st->message = calloc(l->topics, sizeof(*st->message));
	if (st->publisher == NULL || st->message == NULL)
		abort();
	for (i = 0; i < l->topics; i++) {
		subscribe(st, i);
		if (buf_addf(&st->message[i], "[7,\"topic/%zu\",{\"n\":1,"
		    "\"text\":\"an event of common length\"}]", i) == -1)
			abort();
	}
	for (i = 0; i < l->publishers; i++)
		st->publisher[i] = session_of(st->broker);
	(void)turn_end(st->broker);
}

static void
stage_close(struct stage *st)
{
	size_t i;

	for (i = 0; i < st->load->topics; i++)
		buf_clear(&st->message[i]);
	free(st->message);
	free(st->publisher);
	fake_end(st->broker);
}

/* The deliveries that were made. */
static uint64_t
stage_run(struct stage *st)
{
	const struct load *l = st->load;
	struct broker *b = st->broker;
	uint64_t before = b->stats.deliveries;
	size_t i;

	for (i = 0; i < l->events; i++) {
		(void)receive_message(st->publisher[i % l->publishers],
		    buf_slice(&st->message[i % l->topics]), false);
		if (!l->burst || i % BURST == BURST - 1)
			(void)turn_end(b);
	}
	(void)turn_end(b);
	return b->stats.deliveries - before;
}

static uint64_t
measure(const struct load *l, double *ns)
{
	struct stage st;
	int64_t start;
	uint64_t n;

	stage_open(&st, l);
	start = clock_us();
	n = stage_run(&st);
	*ns = (double)(clock_us() - start) * 1e3 / (double)n;
	stage_close(&st);
	return n;
}

static void
print_figures(void)
{
	static const struct load loads[] = {
		{ 1, 1, 1, 1000000, false }, { 10, 1, 1, 200000, false },
		{ 100, 1, 1, 20000, false }, { 1000, 1, 1, 2000, false },
		{ 10000, 1, 1, 200, false }, { 100, 1, 1, 100000, true },
		{ 1, 100000, 1, 1000000, false },
		{ 10, 1, 1000, 200000, false },
	};
	size_t i;
	double ns;

	for (i = 0; i < sizeof(loads) / sizeof(loads[0]); i++) {
		const struct load *l = &loads[i];

		(void)measure(l, &ns);
		printf("core: %6zu subscribers %6zu topics %4zu publishers%s"
		    " %8.1f ns a delivery\n", l->subscribers, l->topics,
		    l->publishers, l->burst ? " burst" : "      ", ns);
	}
}

int
main(int argc, char **argv)
{
	struct load l = { .burst = false };
	double ns;

	if (argc > 1 && strcmp(argv[1], "-b") == 0) {
		l.burst = true;
		argv++;
		argc--;
	}
	if (argc != 5) {
		print_figures();
		return 0;
	}
	l.subscribers = strtoul(argv[1], NULL, 10);
	l.topics = strtoul(argv[2], NULL, 10);
	l.publishers = strtoul(argv[3], NULL, 10);
	l.events = strtoul(argv[4], NULL, 10);
	printf("%llu\n", (unsigned long long)measure(&l, &ns));
	return 0;
}
