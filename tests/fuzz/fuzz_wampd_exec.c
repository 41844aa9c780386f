/*
 * fuzz_wampd_exec.c: a child that prints anything.
 *
 * Each line of the input is one of the child's; the first byte says what
 * happens before it: a peer asks something, unsubscribes or leaves, time
 * passes, the child ends.  Whatever it prints, two well-behaved peers beside it
 * keep exchanging events.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fake.h"
#include "../unit/fake_child.h"

#define PEERS_MAX	16	/* that come and go */

static const char routes[] =
    "e: { channel: 'e/{x}', handler: { callback: e } }\n"
    "q: { channel: q, handler: { callback: q } }\n"
    "good: { channel: good, handler: { callback: q } }\n";
static const char handlers[] =
    "e: { type: exec, command: [e], publish: anyone, timeout: 1s,\n"
    "     queue: 4, pool: 2, tick: 1s,\n"
    "     restart: { min: 1ms, max: 4ms } }\n"
    "q: { type: broadcast, publish: anyone, retain: true }\n";

struct stage {
	struct fake_children kids;
	struct broker	 *broker;
	struct fake_peer *peer, *good, *listener;
	size_t		  npeers;
};

static void
stage_open(struct stage *s)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(routes, handlers);

	set.limit_queue = 2048;
	parts.children = &fake_child_ops;
	parts.children_ctx = &s->kids;
	s->broker = fake_broker_of(&set, &parts);
	s->peer = fake_open(s->broker, WIRE_LINE);
	s->good = fake_open(s->broker, WIRE_LINE);
	s->listener = fake_open(s->broker, WIRE_WS);
	(void)fake_say(s->listener, "[5,\"q\"]");
	(void)fake_say(s->good, "[5,\"good\"]");
}

/* The peer goes, and another one comes while there is room for more. */
static void
stage_replace(struct stage *s)
{
	if (++s->npeers >= PEERS_MAX || s->peer->session == NULL)
		return;
	fake_leave(s->peer);
	s->peer = fake_open(s->broker, WIRE_LINE);
}

static struct child *
stage_child(struct stage *s)
{
	return s->kids.n > 0 ? s->kids.child[s->kids.n - 1] : NULL;
}

static void
stage_act(struct stage *s, char what)
{
	static const char *const said[] = {
		"[2,\"i\",\"e/1\",[1]]", "[5,\"e/1\"]", "[6,\"e/1\"]",
		"[7,\"e/1\",{\"a\":1}]", "[5,\"e/2\"]", "[5,\"q\"]",
		"[2,\"b\",\"wampd.barrier\"]",
	};
	struct child *c = stage_child(s);

	if (what >= '0' && what <= '6' && s->peer->session != NULL &&
	    !s->peer->paused)
		(void)fake_say(s->peer, "%s", said[what - '0']);
	if (what == 'l')
		stage_replace(s);
	if (what == 'f')
		s->listener->room = 0;
	if (what == 'd')
		fake_drain(s->listener, SIZE_MAX);
	if (what == 'x' && c != NULL && c->running &&
	    s->kids.n < FAKE_CHILDREN_MAX)
		fake_child_end(c);
	if (what == 't')
		broker_set_now(s->broker, s->broker->now + 600);
	if (s->kids.n == FAKE_CHILDREN_MAX)
		s->kids.broken = true;
	(void)fake_turn(s->broker);
}

/* The good ones' event must arrive, whatever the child did. */
static void
stage_check(struct stage *s)
{
	struct fake_peer *fresh = fake_open(s->broker, WIRE_LINE);

	(void)fake_say(fresh, "[7,\"good\",1]");
	if (strstr(fake_hear(s->good), "[8,\"good\",1]\n") == NULL)
		abort();
}

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size, *nl;
	struct stage s = { .npeers = 0 };
	struct child *c;

	stage_open(&s);
	for (; at < end; at = nl + 1) {
		if ((nl = memchr(at, '\n', (size_t)(end - at))) == NULL)
			nl = end;
		if (nl == at)
			continue;
		stage_act(&s, at[0]);
		if ((c = stage_child(&s)) != NULL)
			fake_child_say_slice(c,
			    slice_of(at + 1, (size_t)(nl - at) - 1));
	}
	stage_check(&s);
	fake_end(s.broker);
	fake_children_clear(&s.kids);
	return 0;
}
