/*
 * subscribe.c: the procedures about what a session is subscribed to.
 */
#include "wampd/admin/subscribe.h"

#include "proto/json.h"
#include "wampd/admin/kept_ask.h"
#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/prefix_sub.h"
#include "wampd/core/request.h"
#include "wampd/core/sub.h"
#include "wampd/core/subscribe.h"

int
admin_subscribe(struct call *c)
{
	struct broker *b = c->broker;
	struct slice prefix;

	if (c->nargs != 2 || c->arg[0].type != JSON_STRING ||
	    !kept_ask_is_prefix(&c->arg[1]))
		return call_bad_argument(c,
		    "arguments: prefix, {\"match\":\"prefix\"}");
	if (json_string(&prefix, &c->arg[0], &b->scratch_text) == -1)
		return call_out_of_memory(c);
	if (prefix.len > b->set.limit_topic_length)
		return call_bad_argument(c, "the prefix is too long");
	if (prefix_sub_exists(b, c->to.session, prefix))
		return 0;
	if (subscribe_check_limit(c->to.session, prefix_sub_cost(prefix),
	    &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_FORBIDDEN;
		return -1;
	}
	return prefix_sub_begin(&c->to, prefix) == -1 ?
	    call_out_of_memory(c) : 1;
}

int
admin_replay(struct call *c)
{
	struct replay_ask ask = { .since = REPLAY_ANY, .age = -1 };
	struct session *s = c->to.session;
	struct json_elem key, value;
	struct slice rest;
	struct topic *t;
	int rc;

	if (c->nargs != 2 || c->arg[1].type != JSON_OBJECT)
		return call_bad_argument(c, "arguments: topic, options");
	if ((t = kept_ask_topic(c)) == NULL)
		return -1;
	rest = json_inside(c->arg[1].text);
	while (json_next_member(&rest, &key, &value))
		if ((rc = kept_ask_option(c, key.text, &value, &ask)) != 1)
			return rc == -1 ? -1 : call_bad_argument(c,
			    "the options are last and since");
	if (sub_exists(&c->broker->topics, t, s) ||
	    request_find_subscribe(s, t->name) != NULL)
		return call_bad_argument(c,
		    "the session has subscribed to the topic already");
	if (account_check(s, REPLAY_COST + t->name.len,
	    &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_FORBIDDEN;
		return -1;
	}
	if (replay_prepare(&c->to, t->name, &ask) == -1)
		return call_out_of_memory(c);
	subscribe(s, t);
	return 1;
}

int
admin_mark(struct call *c)
{
	if (c->nargs != 1 || !json_is_bool(&c->arg[0]))
		return call_bad_argument(c, "argument: true or false");
	c->to.session->marks = c->arg[0].type == JSON_TRUE;
	return 0;
}
