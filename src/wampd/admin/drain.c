/*
 * drain.c: the procedure that ends all sessions over a time, then the broker.
 */
#include "wampd/admin/drain.h"

#include "base/log.h"
#include "base/num.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"

#define SPREAD_MAX	(24 * INT64_C(3600) * 1000)	/* ms */

struct order {
	int64_t spread;		/* ms */
	bool	again;		/* with a spread: also if there is a drain */
	bool	cancel;
};

/* A text as in wampd.yml, or a number of seconds. */
static int
read_spread(struct call *c, const struct json_elem *value, struct order *o)
{
	struct buf copy = { 0 };
	struct errbuf e;
	int64_t ms = -1;

	if (value->type == JSON_STRING && json_unquote(&copy, value) == -1) {
		buf_clear(&copy);
		return call_out_of_memory(c);
	}
	if (value->type == JSON_NUMBER)
		(void)buf_add_slice(&copy, value->text);
	if (buf_cstr(&copy) == NULL ||
	    num_duration(&ms, copy.data, &e) == -1 || ms > SPREAD_MAX)
		ms = -1;
	buf_clear(&copy);
	if (ms == -1)
		return call_bad_argument(c, "spread must be a duration such "
		    "as \"30s\", of at most 24 hours");
	o->spread = ms;
	o->again = true;
	return 0;
}

static int
read_order(struct call *c, struct slice members, struct order *o)
{
	struct json_elem key, value;

	while (json_next_member(&members, &key, &value)) {
		if (slice_eq(key.text, SLICE("\"spread\""))) {
			if (read_spread(c, &value, o) == -1)
				return -1;
		} else if (slice_eq(key.text, SLICE("\"cancel\"")) &&
		    json_is_bool(&value)) {
			o->cancel = value.type == JSON_TRUE;
		} else {
			return call_bad_argument(c, "the options are spread, "
			    "a duration, and cancel, which is true or false");
		}
	}
	return 0;
}

static int
answer(struct call *c)
{
	struct buf text = { 0 };
	int rc = drain_describe(c->broker, &text);

	/* The members have a comma in front. */
	if (rc == 0 && (buf_add_char(c->out, '{') == -1 ||
	    buf_add(c->out, text.data + 1, text.len - 1) == -1 ||
	    buf_add_char(c->out, '}') == -1))
		rc = -1;
	buf_clear(&text);
	return rc == 0 ? 0 : call_out_of_memory(c);
}

int
admin_drain(struct call *c)
{
	struct broker *b = c->broker;
	struct order o = { .spread = b->set.drain_spread };
	struct slice members;

	if (!call_options(c, &members))
		return call_bad_argument(c,
		    "argument: an object with options");
	if (read_order(c, members, &o) == -1)
		return -1;
	if (o.cancel && !drain_cancel(b)) {
		c->failure.kind = FAILURE_BAD_ARGUMENT;
		err_set(&c->failure.reason, "another process has taken over");
		return -1;
	}
	if (!o.cancel && (o.again || !b->drain.on))
		drain_begin(b, o.spread, false);
	return answer(c);
}
