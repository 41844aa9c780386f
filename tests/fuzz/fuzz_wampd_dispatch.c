/*
 * fuzz_wampd_dispatch.c: a broker whose peers say anything.
 *
 * Each line of the input is one message.  Its first byte chooses who says it:
 * a WebSocket peer, a control socket's peer, and whether a turn ends or a
 * socket fills up before it.  Whatever is said, a well-behaved pair beside
 * them keeps exchanging events.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fake.h"
#include "wampd/core/receive.h"

#define PEERS	4

struct stage {
	struct broker	 *broker;
	struct fake_peer *peer[PEERS];
	struct fake_peer *good;
};

static void
stage_open(struct stage *s, uint8_t options)
{
	struct broker_settings set = fake_settings();
	size_t i;

	set.compat = options & 1 ? WAMP_COMPAT_SPEC : WAMP_COMPAT_ORO;
	set.on_violation = options & 2 ? ON_VIOLATION_IGNORE :
	    ON_VIOLATION_CLOSE;
	set.limit_queue = 2048;
	set.limit_subscriptions = 8;
	s->broker = fake_broker(&set);
	for (i = 0; i < PEERS; i++)
		s->peer[i] = fake_open(s->broker, i & 1 ? WIRE_LINE : WIRE_WS);
	s->good = fake_open(s->broker, WIRE_LINE);
	(void)fake_say(s->good, "[5,\"only the good\"]");
}

/* The pair's event must arrive, whatever the others did. */
static void
stage_check(struct stage *s)
{
	(void)fake_hear(s->good);
	(void)fake_say(s->good, "[7,\"only the good\",1,[]]");
	if (strstr(fake_hear(s->good), "[8,\"only the good\",1]\n") == NULL)
		abort();
}

static void
stage_say(struct stage *s, uint8_t who, struct slice text)
{
	struct fake_peer *p = s->peer[who % PEERS];

	if (who & 0x10)
		(void)fake_turn(s->broker);
	if (p->session == NULL)
		return;
	if (who & 0x20)
		p->room = 100;
	if (who & 0x40)
		fake_drain(p, SIZE_MAX);
	if (p->session != NULL && !p->paused)
		(void)receive_message(p->session, text, who & 0x80);
}

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size, *nl;
	struct stage s;

	if (size == 0)
		return 0;
	stage_open(&s, data[0]);
	for (at++; at < end; at = nl + 1) {
		if ((nl = memchr(at, '\n', (size_t)(end - at))) == NULL)
			nl = end;
		if (nl > at)
			stage_say(&s, (uint8_t)at[0],
			    slice_of(at + 1, (size_t)(nl - at) - 1));
		if (nl == end)
			break;
	}
	stage_check(&s);
	fake_end(s.broker);
	return 0;
}
