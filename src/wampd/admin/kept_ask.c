/*
 * kept_ask.c: which of the kept events of a topic a call asks for.
 */
#include "wampd/admin/kept_ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"

#define LAST_MAX	1000000000
#define SECONDS_MAX	1e9

struct topic *
kept_ask_topic(struct call *c)
{
	struct broker *b = c->broker;
	struct slice name;
	struct topic *t;

	if (c->nargs < 1 || c->arg[0].type != JSON_STRING) {
		(void)call_bad_argument(c, "arguments: topic[, options]");
		return NULL;
	}
	if (json_string(&name, &c->arg[0], &b->scratch_text) == -1) {
		(void)call_out_of_memory(c);
		return NULL;
	}
	if (name.len == 0 || name.len > b->set.limit_topic_length)
		(void)call_bad_argument(c, name.len == 0 ?
		    "the topic is empty" : "the topic is too long");
	else if ((t = topic_obtain(&b->topics, name)) == NULL)
		(void)call_out_of_memory(c);
	else
		return t;
	return NULL;
}

/* Seconds, as JSON has them, in ms.  0, or -1 if they are out of bounds. */
static int
read_seconds(int64_t *ms, struct slice number)
{
	char text[32];
	double s;

	if (number.len >= sizeof(text))
		return -1;
	memcpy(text, number.p, number.len);
	text[number.len] = '\0';
	s = strtod(text, NULL);
	if (!(s >= 0 && s <= SECONDS_MAX))
		return -1;
	*ms = (int64_t)(s * 1000);
	return 0;
}

int
kept_ask_option(struct call *c, struct slice key,
    const struct json_elem *value, struct replay_ask *ask)
{
	if (slice_eq(key, SLICE("\"last\""))) {
		if (value->type == JSON_NUMBER &&
		    json_int(&ask->last, value) && ask->last >= 1 &&
		    ask->last <= LAST_MAX)
			return 1;
		return call_bad_argument(c, "last must be a number from 1 on");
	}
	if (!slice_eq(key, SLICE("\"since\"")))
		return 0;
	if ((value->type == JSON_NUMBER &&
	    read_seconds(&ask->age, value->text) == 0) ||
	    (value->type == JSON_STRING && when_parse_iso(&ask->since,
	    json_inside(value->text)) == 0))
		return 1;
	return call_bad_argument(c, "since must be a number of seconds, or a "
	    "time such as \"2026-12-24T22:00:00Z\"");
}

bool
kept_ask_is_prefix(const struct json_elem *options)
{
	struct slice rest;
	struct json_elem key, value, more;

	if (options->type != JSON_OBJECT)
		return false;
	rest = json_inside(options->text);
	return json_next_member(&rest, &key, &value) &&
	    slice_eq(key.text, SLICE("\"match\"")) &&
	    slice_eq(value.text, SLICE("\"prefix\"")) &&
	    !json_next(&rest, &more);
}

bool
kept_ask_retain(const struct json_elem *value, bool *retain, int64_t *ms)
{
	int64_t time = 0;

	if (value->type == JSON_NUMBER) {
		if (read_seconds(&time, value->text) == -1 || time == 0)
			return false;
	} else if (!json_is_bool(value)) {
		return false;
	}
	*retain = value->type != JSON_FALSE;
	*ms = time;
	return true;
}
