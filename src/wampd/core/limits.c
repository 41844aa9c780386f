/*
 * limits.c: checks that sent messages keep within limits.message and
 * limits.depth.
 */
#include "wampd/core/limits.h"

#include <inttypes.h>

#include "proto/json.h"
#include "wampd/core/broker.h"

#define EVENT_BESIDE	5	/* bytes of [8,,] */
#define ENVELOPE	1	/* levels that a message adds to a value */

static int
check_length(const struct broker *b, const char *what, size_t len,
    struct errbuf *e)
{
	if (len <= b->set.limit_message)
		return 0;
	err_set(e, "%s is too large: its message would have %zu bytes, and "
	    "limits.message is %" PRIu64, what, len, b->set.limit_message);
	return -1;
}

int
limits_check(const struct broker *b, const char *what, struct slice value,
    size_t beside, struct errbuf *e)
{
	unsigned depth, max = (unsigned)b->set.limit_depth;

	if (check_length(b, what, value.len + beside, e) == -1)
		return -1;
	if (max > JSON_DEPTH_MAX)
		max = JSON_DEPTH_MAX;
	/* Each level takes two bytes, so most values are too short to be too
	 * deep: skip the scan. */
	if (value.len < 2 * (size_t)max ||
	    (depth = json_depth(value) + ENVELOPE) <= max)
		return 0;
	err_set(e, "%s is nested too deeply: its message would have %u "
	    "levels, and limits.depth is %u", what, depth, max);
	return -1;
}

int
limits_check_event(const struct broker *b, const struct topic *t,
    struct slice event, struct errbuf *e)
{
	return limits_check(b, "an event", event, t->json.len + EVENT_BESIDE,
	    e);
}

int
limits_check_length(const struct broker *b, const struct topic *t,
    struct slice event, struct errbuf *e)
{
	return check_length(b, "the event", event.len + t->json.len +
	    EVENT_BESIDE, e);
}
