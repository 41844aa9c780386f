/*
 * output.c: events as wamp-sub prints them.
 */
#include "client/output.h"

#include "base/clock.h"

/* Inside strings JSON has no line's end, so a space means the same. */
static void
blank_newlines(struct buf *out, size_t from)
{
	for (; from < out->len; from++)
		if (out->data[from] == '\n' || out->data[from] == '\r')
			out->data[from] = ' ';
}

static int
add_value(struct buf *out, const struct output_format *f,
    const struct json_elem *value)
{
	size_t start = out->len;

	if (buf_add_slice(out, value->text) == -1)
		return -1;
	if (value->newline && !f->nul)
		blank_newlines(out, start);
	return 0;
}

/* The topic's characters.  One that has escapes is written with JSON's own,
 * so that no topic can hold the tab or the line's end that follow. */
static int
add_topic(struct buf *out, const struct json_elem *topic)
{
	struct buf plain = { 0 }, quoted = { 0 };
	int rc = -1;

	if (!topic->escaped)
		return buf_add(out, topic->text.p + 1, topic->text.len - 2);
	if (json_unquote(&plain, topic) == 0 &&
	    json_quote(&quoted, buf_slice(&plain)) == 0)
		rc = buf_add(out, quoted.data + 1, quoted.len - 2);
	buf_clear(&plain);
	buf_clear(&quoted);
	return rc;
}

static int
add_object(struct buf *out, const struct output_format *f,
    const struct wamp_msg *m)
{
	char now[CLOCK_ISO_SIZE];

	if (buf_add_str(out, "{\"time\":\"") == -1 ||
	    buf_add_str(out, clock_iso(now)) == -1 ||
	    buf_add_str(out, "\",\"topic\":") == -1 ||
	    buf_add_slice(out, m->uri.text) == -1 ||
	    buf_add_str(out, ",\"event\":") == -1 ||
	    add_value(out, f, &m->event) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
output_event(struct buf *out, const struct output_format *f,
    const struct wamp_msg *m)
{
	int rc;

	if (f->topic && (add_topic(out, &m->uri) == -1 ||
	    buf_add_char(out, '\t') == -1))
		return -1;
	if (f->object)
		rc = add_object(out, f, m);
	else if (f->raw && m->event.type == JSON_STRING)
		rc = json_unquote(out, &m->event);
	else
		rc = add_value(out, f, &m->event);
	return rc == -1 ? -1 : buf_add_char(out, f->nul ? '\0' : '\n');
}
