/*
 * calls.c: the procedures wampd.maintenance.*.
 */
#include "wampd/maintenance/calls.h"

#include <string.h>

#include "proto/notice.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/procedure.h"
#include "wampd/maintenance/plan.h"
#include "wampd/maintenance/set.h"
#include "wampd/maintenance/state.h"

#define NOTICE_BESIDE	256	/* bytes of its message besides the texts */

static int
run_get(struct call *c)
{
	return maintenance_state_describe(c->ctx, c->out) == -1 ?
	    call_out_of_memory(c) : 0;
}

/* What the options ask for. */
struct order {
	struct notice notice;
	int64_t	      at;	/* ms since 1970; 0: now */
	struct maintenance_warnings warn;
};

static int
read_warnings(struct order *o, const struct json_elem *list, struct call *c)
{
	struct json_elem elem;
	struct slice rest;
	int64_t when;

	if (list->type != JSON_ARRAY)
		return call_bad_argument(c, "warn must be a list of times");
	rest = json_inside(list->text);
	while (json_next(&rest, &elem)) {
		if (notice_time(&when, &elem) == -1)
			return call_bad_argument(c, "the times of warn "
			    "have the form \"2026-12-24T21:45:00Z\"");
		if (!maintenance_plan_add_warning(&o->warn, when))
			return call_bad_argument(c,
			    "warn has too many times");
	}
	return 0;
}

static int
read_option(struct order *o, struct slice key, const struct json_elem *value,
    struct call *c)
{
	if (slice_eq(key, SLICE("\"message\""))) {
		if (value->type != JSON_STRING)
			return call_bad_argument(c,
			    "message must be a string");
		o->notice.message = value->text;
		return 0;
	}
	if (slice_eq(key, SLICE("\"at\""))) {
		if (notice_time(&o->at, value) == 0)
			return 0;
	} else if (slice_eq(key, SLICE("\"until\""))) {
		if (notice_time(&o->notice.until, value) == 0)
			return 0;
	} else if (slice_eq(key, SLICE("\"warn\""))) {
		return read_warnings(o, value, c);
	} else {
		return call_bad_argument(c,
		    "unknown option: the options are message, at, until "
		    "and warn");
	}
	return call_bad_argument(c,
	    "at and until have the form \"2026-12-24T22:00:00Z\"");
}

static int
read_order(struct order *o, struct call *c)
{
	struct json_elem key, value;
	struct slice rest;

	if (c->nargs < 1 || c->nargs > 3 || !json_is_bool(&c->arg[0]))
		return call_bad_argument(c,
		    "arguments: true or false[, user id[, options]]");
	o->notice.on = c->arg[0].type == JSON_TRUE;
	o->notice.user = SLICE("null");
	if (c->nargs > 1 && c->arg[1].type == JSON_NUMBER)
		o->notice.user = c->arg[1].text;
	else if (c->nargs > 1 && c->arg[1].type != JSON_NULL)
		return call_bad_argument(c,
		    "the user id must be a number or null");
	if (c->nargs < 3 || c->arg[2].type == JSON_NULL)
		return 0;
	if (c->arg[2].type != JSON_OBJECT)
		return call_bad_argument(c, "the options must be an object");
	rest = json_inside(c->arg[2].text);
	while (json_next_member(&rest, &key, &value))
		if (read_option(o, key.text, &value, c) == -1)
			return -1;
	return 0;
}

static int
check_order(const struct order *o, struct call *c)
{
	size_t text = o->notice.user.len + o->notice.message.len;
	uint64_t limit = c->broker->set.limit_message;
	const struct maintenance *m = c->ctx;
	int64_t now = c->broker->wall();

	if (!o->notice.on && (o->at != 0 || o->notice.until != 0))
		return call_bad_argument(c,
		    "at and until are allowed only to turn maintenance on");
	if (o->at == 0 && o->warn.n > 0)
		return call_bad_argument(c,
		    "warn needs at");
	if (o->warn.n > 0 && o->warn.v[o->warn.n - 1] >= o->at)
		return call_bad_argument(c,
		    "the times of warn must be before at");
	if (o->at != 0 && o->at <= now)
		return call_bad_argument(c, "at is in the past");
	if (o->notice.until != 0 && o->notice.until <= now)
		return call_bad_argument(c, "until is in the past");
	if (o->at != 0 && o->notice.until != 0 && o->notice.until <= o->at)
		return call_bad_argument(c,
		    "until must be after at");
	if (o->at != 0 && m->is.on)
		return call_bad_argument(c, "maintenance is on, so no "
		    "later start can be planned");
	if (text > NOTICE_TEXT_MAX || text + NOTICE_BESIDE > limit)
		return call_bad_argument(c, "the message is too long");
	return 0;
}

static int
run_set(struct call *c)
{
	struct order o = { .at = 0 };
	int rc;

	if (read_order(&o, c) == -1 || check_order(&o, c) == -1)
		return -1;
	if (maintenance_state_check(c->ctx, o.notice.on,
	    &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_INTERNAL;
		return -1;
	}
	rc = o.at != 0 ? maintenance_set_later(c->ctx, &c->to, &o.notice, o.at,
	    &o.warn) : maintenance_set(c->ctx, &c->to, &o.notice);
	return rc == -1 ? call_out_of_memory(c) : 1;
}

static const struct procedure rows[] = {
	{ "wampd.maintenance.get", "", PROCEDURE_READ,
	  "whether maintenance is on, who turned it on or off, and when",
	  run_get },
	{ "wampd.maintenance.set", "on, user, options", PROCEDURE_WRITE,
	  "turn maintenance on (true) or off (false) and publish that",
	  run_set },
	{ .name = NULL }
};

int
maintenance_calls_add(struct maintenance *m)
{
	return procedures_add(&m->broker->procedures, rows, m);
}
