/*
 * event.c: an event that was received, and its pieces as text.
 */
#include "client/event.h"

#include "base/line.h"
#include "proto/json_pretty.h"
#include "proto/json_shown.h"

static int
add_characters(struct buf *out, struct slice text, unsigned how)
{
	return (how & EVENT_TERMINAL) != 0 ? json_shown(out, text, false) :
	    buf_add_slice(out, text);
}

int
event_add_topic(struct buf *out, const struct event *ev, unsigned how)
{
	const struct json_elem *topic = &ev->topic;
	struct buf plain = { 0 }, quoted = { 0 };
	int rc = -1;

	if (!topic->escaped)
		return add_characters(out, json_inside(topic->text), how);
	if (json_unquote(&plain, topic) == 0 &&
	    json_quote(&quoted, buf_slice(&plain)) == 0)
		rc = add_characters(out, json_inside(buf_slice(&quoted)), how);
	buf_clear(&plain);
	buf_clear(&quoted);
	return rc;
}

int
event_add_value(struct buf *out, const struct json_elem *value, unsigned how)
{
	static const struct json_look plain = { .indent = false };
	size_t start = out->len;

	if ((how & EVENT_TERMINAL) != 0)
		return json_pretty(out, value->text, &plain);
	if (buf_add_slice(out, value->text) == -1)
		return -1;
	if (value->newline && (how & EVENT_LINE) != 0)
		line_blank(out->data + start, out->len - start);
	return 0;
}

int
event_add_raw(struct buf *out, const struct json_elem *value, unsigned how)
{
	struct buf plain = { 0 };
	int rc;

	if (value->type != JSON_STRING)
		return event_add_value(out, value, how);
	if ((how & EVENT_TERMINAL) == 0)
		return json_unquote(out, value);
	if ((rc = json_unquote(&plain, value)) == 0)
		rc = json_shown(out, buf_slice(&plain), true);
	buf_clear(&plain);
	return rc;
}
