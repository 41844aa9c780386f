/*
 * t_core_expiry.c: sessions that end at a time of their own.
 */
#include "wampd/core/expiry.h"

#include <stdlib.h>

#include "core_fake.h"
#include "proto/close_code.h"
#include "route/diag.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/turn.h"

#define PEERS	200

static const struct handler_type open_type = { .name = "broadcast" };
static const struct handler_type closed_type = { .name = "closed" };
static const struct handler_type *const types[] = { &open_type, &closed_type,
    NULL };

static struct broker *
broker(int come_back)
{
	struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };

	set.come_back = come_back;
	set.limit_sessions = PEERS;
	return core_broker(&set, &parts);
}

/* How many sessions are left at that time. */
static size_t
left_at(struct broker *b, int64_t now)
{
	broker_set_now(b, now);
	while (turn_end(b) == 0)
		;
	return b->sessions.n;
}

static void
test_end(int come_back, uint16_t code)
{
	struct broker *b = broker(come_back);
	struct core_peer with = { 0 }, without = { 0 };

	core_peer_open_ws(&with, b, false);
	core_peer_open_ws(&without, b, false);
	tap_int(expiry_set(with.session, 1000), 0, "a session has an end");
	tap_int((int64_t)left_at(b, 999), 2, "it lasts until then");
	tap_int((int64_t)left_at(b, 1000), 1, "it ends then");
	tap_ok(with.session == NULL && without.session != NULL,
	    "the other one stays");
	tap_int(with.code, code, "the code of its close");
	tap_str(with.reason, "the time of its ticket is up", "the reason");
	tap_int((int64_t)b->stats.sessions_expired, 1, "it is counted");
	broker_free(b);
	buf_clear(&with.out);
	buf_clear(&without.out);
}

/* Each at its time, in any order, although others leave. */
static void
test_many(void)
{
	static struct core_peer peers[PEERS];
	struct broker *b = broker(COME_BACK_CODE);
	unsigned seed = 1;
	int64_t at, now;
	int i, wrong = 0;

	for (i = 0; i < PEERS; i++) {
		core_peer_open_ws(&peers[i], b, false);
		seed = seed * 1103515245 + 12345;
		at = 1000 + (seed >> 16) % 1000;
		if (expiry_set(peers[i].session, at) == -1)
			abort();
		if (i % 3 == 0)
			session_doom(peers[i].session, 0, "it leaves");
	}
	(void)left_at(b, 500);
	for (now = 1000; now < 2000; now += 7) {
		(void)left_at(b, now);
		seed = 1;
		for (i = 0; i < PEERS; i++) {
			seed = seed * 1103515245 + 12345;
			at = 1000 + (seed >> 16) % 1000;
			if (i % 3 != 0 &&
			    (peers[i].session == NULL) != (at <= now))
				wrong++;
		}
	}
	tap_int(wrong, 0, "each ends at its time");
	tap_int((int64_t)left_at(b, 2000), 0, "all have ended");
	tap_int((int64_t)b->sessions.expiries.n, 0, "nothing is left");
	broker_free(b);
	for (i = 0; i < PEERS; i++)
		buf_clear(&peers[i].out);
}

int
main(void)
{
	test_end(COME_BACK_CODE, CLOSE_TRY_AGAIN);
	test_end(COME_BACK_DROP, 0);
	test_many();
	return tap_done();
}
