/*
 * record.c: an event as wamp-sub -j has recorded it.
 */
#include "client/record.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/when.h"

#define SECONDS_MAX	(WHEN_MAX / 1000)

/* ISO 8601, or seconds since 1970, as jq's now and -F %U have them. */
static bool
read_time(int64_t *out_ms, const struct json_elem *time)
{
	char text[64];
	double seconds;

	if (time->type == JSON_STRING)
		return when_parse_iso(out_ms, json_inside(time->text)) == 0;
	if (time->type != JSON_NUMBER || time->text.len >= sizeof(text))
		return false;
	memcpy(text, time->text.p, time->text.len);
	text[time->text.len] = '\0';
	seconds = strtod(text, NULL);
	if (seconds < 0 || seconds > (double)SECONDS_MAX)
		return false;
	*out_ms = (int64_t)(seconds * 1e3);
	return true;
}

static int
wrong(struct errbuf *e, const char *what)
{
	err_set(e, "%s (--replay takes what wamp-sub -j prints: time, topic "
	    "and event)", what);
	return -1;
}

int
record_read(struct record *r, struct slice text, struct json_error *fault,
    struct errbuf *e)
{
	struct json_elem whole, topic, event, time;

	/* The event is as deep here as in its message. */
	if (json_scan_value(text, JSON_DEPTH_DEFAULT, &whole, fault) == -1) {
		err_set(e, "invalid JSON: %s", fault->what);
		return -1;
	}
	fault->what = NULL;
	if (whole.type != JSON_OBJECT)
		return wrong(e, "not an object");
	if (!json_member(whole.text, "topic", &topic))
		return wrong(e, "no topic");
	if (!json_member(whole.text, "event", &event))
		return wrong(e, "no event");
	if (topic.type != JSON_STRING)
		return wrong(e, "the topic is not a string");
	if (slice_eq(topic.text, SLICE("\"\"")))
		return wrong(e, "the topic is empty");
	r->time_ms = -1;
	if (json_member(whole.text, "time", &time) &&
	    !read_time(&r->time_ms, &time))
		return wrong(e, "the time is invalid");
	r->topic = topic.text;
	r->event = event.text;
	return 0;
}
