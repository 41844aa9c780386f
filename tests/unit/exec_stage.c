/*
 * exec_stage.c: a broker whose handler "e" is a made-up child.
 */
#include "exec_stage.h"

#include <stdlib.h>

static const char routes[] =
    "e: { channel: 'e/{x}', handler: { callback: e } }\n"
    "m: { channel: oro/maintenance, handler: { callback: e } }\n"
    "q: { channel: q, handler: { callback: q } }\n";

void
stage_open(struct stage *s, const char *keys)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts;
	struct buf handlers = { 0 };

	if (buf_addf(&handlers, "q: { type: broadcast, publish: anyone }\n"
	    "e: { type: exec, command: [e], publish: anyone, timeout: 1s,\n"
	    "     restart: { min: 100ms, max: 500ms } %s }\n", keys) == -1)
		abort();
	*s = (struct stage){ .broker = NULL };
	parts = fake_parts(routes, buf_cstr(&handlers));
	parts.children = &fake_child_ops;
	parts.children_ctx = &s->kids;
	buf_clear(&handlers);
	set.compat = WAMP_COMPAT_SPEC;
	set.limit_queue = 4096;
	s->broker = fake_broker_of(&set, &parts);
	s->p = fake_open(s->broker, WIRE_LINE);
	s->ws = fake_open(s->broker, WIRE_WS);
}

void
stage_close(struct stage *s)
{
	fake_end(s->broker);
	fake_children_clear(&s->kids);
}

int64_t
stage_wait(struct stage *s, int64_t ms)
{
	broker_set_now(s->broker, s->broker->now + ms);
	return fake_turn(s->broker);
}

struct child *
stage_child(struct stage *s)
{
	struct child *c;

	stage_open(s, "");
	(void)fake_say(s->p, "[2,\"first\",\"e/1\"]");
	(void)fake_turn(s->broker);
	c = s->kids.child[0];
	fake_child_say(c, "{\"id\":1,\"result\":0}");
	(void)fake_hear(s->p);
	(void)fake_child_hear(c);
	return c;
}
