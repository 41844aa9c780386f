/*
 * event.c: an event that was received, and its pieces as text.
 */
#include "client/event.h"

int
event_add_topic(struct buf *out, const struct event *ev)
{
	const struct json_elem *topic = &ev->topic;
	struct buf plain = { 0 }, quoted = { 0 };
	int rc = -1;

	if (!topic->escaped)
		return buf_add_slice(out, json_inside(topic->text));
	if (json_unquote(&plain, topic) == 0 &&
	    json_quote(&quoted, buf_slice(&plain)) == 0)
		rc = buf_add_slice(out, json_inside(buf_slice(&quoted)));
	buf_clear(&plain);
	buf_clear(&quoted);
	return rc;
}

/* Inside strings JSON has no line's end, so a space means the same. */
static void
blank_newlines(struct buf *out, size_t from)
{
	for (; from < out->len; from++)
		if (out->data[from] == '\n' || out->data[from] == '\r')
			out->data[from] = ' ';
}

int
event_add_value(struct buf *out, const struct json_elem *value, bool line)
{
	size_t start = out->len;

	if (buf_add_slice(out, value->text) == -1)
		return -1;
	if (value->newline && line)
		blank_newlines(out, start);
	return 0;
}

int
event_add_raw(struct buf *out, const struct json_elem *value, bool line)
{
	if (value->type == JSON_STRING)
		return json_unquote(out, value);
	return event_add_value(out, value, line);
}
