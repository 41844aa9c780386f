/*
 * maint_peer.c: a peer that turns maintenance on and off.
 */
#include "maint_peer.h"

#include <string.h>

#include "tap.h"

#define EPOCH	INT64_C(1764500400000)	/* 2025-11-30T11:00:00Z: time 0 */

static const struct broker *timed;	/* the wall clock goes with its */
static int64_t set_forward;		/* ms that someone has set it */

static int64_t
wall(void)
{
	return EPOCH + set_forward + timed->now;
}

void
time_by(struct broker *b)
{
	b->wall = wall;
	timed = b;
}

void
time_forward(int64_t ms)
{
	set_forward += ms;
}

struct fake_peer *
listen_to(struct broker *b)
{
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[5,\"" TOPIC "\"]");
	return p;
}

struct fake_peer *
begin(const char *state_dir, const char *lock)
{
	struct broker_settings set = fake_settings();
	struct broker *b;

	set.state_dir = state_dir;
	set.maintenance_lock = lock;
	b = fake_broker(&set);
	time_by(b);
	return listen_to(b);
}

void
end(struct fake_peer *p)
{
	fake_end(p->session->broker);
	set_forward = 0;
}

const char *
after(struct fake_peer *p, int64_t ms)
{
	fake_pass(p->session->broker, ms);
	return fake_hear(p);
}

const char *
set(struct fake_peer *p, const char *args)
{
	fake_say(p, "[2,\"i\",\"wampd.maintenance.set\",%s]", args);
	return fake_hear(p);
}

bool
heard(const char *got, const char *part)
{
	if (strstr(got, part) != NULL)
		return true;
	tap_diag("got: %s", got);
	return false;
}

bool
state_has(struct fake_peer *p, const char *part)
{
	fake_say(p, "[2,\"g\",\"wampd.maintenance.get\"]");
	return heard(fake_hear(p), part);
}
