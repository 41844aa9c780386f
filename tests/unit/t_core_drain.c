/*
 * t_core_drain.c: ending all sessions over a time.
 */
#include "wampd/core/drain.h"

#include <stdlib.h>
#include <string.h>

#include "core_fake.h"
#include "proto/close_code.h"
#include "route/diag.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/transport.h"
#include "wampd/core/turn.h"

#define PEERS	1000
#define SPREAD	30000
#define PARTS	10		/* of the spread */
#define SHARE	(PEERS / PARTS)
#define ODDS	60		/* six times the standard deviation of a
				 * share */

static const struct handler_type open_type = { .name = "broadcast" };
static const struct handler_type closed_type = { .name = "closed" };
static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

static struct core_peer peers[PEERS];

static struct broker *
broker_with(size_t n, int come_back)
{
	struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };
	struct broker *b;
	size_t i;

	set.come_back = come_back;
	set.limit_sessions = PEERS;
	set.keepalive = 0;
	b = core_broker(&set, &parts);
	memset(peers, 0, sizeof(peers));
	for (i = 0; i < n; i++)
		core_peer_open_ws(&peers[i], b, false);
	return b;
}

static void
end(struct broker *b)
{
	size_t i;

	broker_free(b);
	for (i = 0; i < PEERS; i++)
		buf_clear(&peers[i].out);
}

/* Let the time pass until then; sessions that are left. */
static size_t
left_at(struct broker *b, int64_t until)
{
	int64_t wait;

	while (b->now < until) {
		wait = turn_end(b);
		if (wait < 0 || wait > until - b->now)
			wait = until - b->now;
		broker_set_now(b, b->now + wait);
	}
	while (turn_end(b) == 0)
		;
	return b->sessions.n;
}

static void
test_spread(void)
{
	struct broker *b = broker_with(PEERS, COME_BACK_CODE);
	size_t before = PEERS, now;
	int i, wrong = 0;

	drain_begin(b, SPREAD, false);
	tap_ok(broker_is_draining(b), "the broker drains");
	tap_int((int64_t)drain_left(b), PEERS, "all are left");
	for (i = 1; i <= PARTS; i++) {
		now = left_at(b, i * SPREAD / PARTS);
		if (before - now < SHARE - ODDS || before - now > SHARE + ODDS)
			wrong++;
		before = now;
	}
	tap_int(wrong, 0, "each part of the spread ends its share");
	(void)left_at(b, SPREAD + 2 * DRAIN_PAUSE);
	tap_int((int64_t)b->sessions.n, 0, "all are ended in time");
	tap_int((int64_t)b->stats.sessions_drained, PEERS, "they are counted");
	tap_int(peers[0].code, CLOSE_RESTART, "the code tells why");
	tap_ok(b->drain.over, "the drain is over");
	end(b);
}

static void
test_random(void)
{
	struct broker *b = broker_with(PEERS, COME_BACK_DROP);
	int i, old = 0, young = 0, codes = 0;

	drain_begin(b, SPREAD, false);
	(void)left_at(b, SPREAD / 2);
	for (i = 0; i < PEERS; i++) {
		if (peers[i].session == NULL)
			codes += peers[i].code != 0;
		else if (i < PEERS / 2)
			old++;
		else
			young++;
	}
	tap_ok(abs(old - PEERS / 4) < 2 * ODDS &&
	    abs(young - PEERS / 4) < 2 * ODDS, "the order is random");
	tap_int(codes, 0, "no close frame, if clients come back only then");
	end(b);
}

static void
test_at_once(void)
{
	struct broker *b = broker_with(PEERS, COME_BACK_CODE);

	drain_begin(b, 0, false);
	tap_int((int64_t)left_at(b, DRAIN_PAUSE), 0,
	    "without a spread, all end at once");
	end(b);
}

static void
test_busy(void)
{
	struct broker *b = broker_with(2, COME_BACK_CODE);

	peers[0].session->blocked = true;
	drain_begin(b, 0, false);
	tap_int((int64_t)left_at(b, 100), 1, "one that has a queue stays");
	session_writable(peers[0].session);
	tap_int((int64_t)left_at(b, 200), 0, "until it has got it");
	end(b);

	b = broker_with(1, COME_BACK_CODE);
	peers[0].session->blocked = true;
	drain_begin(b, 0, false);
	(void)left_at(b, DRAIN_PATIENCE - 1);
	tap_int((int64_t)b->sessions.n, 1, "or for a while");
	(void)left_at(b, DRAIN_PATIENCE + 2 * DRAIN_PAUSE);
	tap_int((int64_t)b->sessions.n, 0, "but not for ever");
	end(b);
}

static void
test_local(void)
{
	struct broker *b = broker_with(3, COME_BACK_CODE);
	struct transport_ops local = *peers[1].session->ops;

	local.trusted = true;
	peers[1].session->ops = &local;
	drain_begin(b, 1000, false);
	tap_int((int64_t)drain_left(b), 2, "local sessions do not count");
	(void)left_at(b, 1000 + 2 * DRAIN_PAUSE);
	tap_ok(b->drain.over && peers[1].session != NULL, "nor are ended");
	end(b);
}

static void
test_cancel(void)
{
	struct broker *b = broker_with(PEERS, COME_BACK_CODE);
	size_t left;

	drain_begin(b, SPREAD, false);
	left = left_at(b, SPREAD / 2);
	tap_ok(drain_cancel(b), "a drain can be cancelled");
	tap_ok(!broker_is_draining(b), "then the broker drains no more");
	tap_int((int64_t)left_at(b, 2 * SPREAD), (int64_t)left,
	    "the sessions that are left stay");
	drain_begin(b, SPREAD, true);
	tap_ok(!drain_cancel(b), "unless another process has taken over");
	drain_begin(b, 1000, false);
	tap_ok(!drain_cancel(b), "also if it was begun again");
	(void)left_at(b, b->now + 1000 + 2 * DRAIN_PAUSE);
	tap_int((int64_t)b->sessions.n, 0, "with the newer spread");
	end(b);
}

int
main(void)
{
	test_spread();
	test_random();
	test_at_once();
	test_busy();
	test_local();
	test_cancel();
	return tap_done();
}
