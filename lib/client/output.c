/*
 * output.c: events as wamp-sub prints them.
 */
#include "client/output.h"

#include "base/clock.h"
#include "client/format.h"

static unsigned
how(const struct output_format *f)
{
	return (f->nul ? 0 : EVENT_LINE) | (f->terminal ? EVENT_TERMINAL : 0);
}

static bool
is_plain(const struct output_format *f)
{
	return !f->look.indent && !f->look.colour;
}

static int
add_value(struct buf *out, const struct output_format *f,
    const struct json_elem *value)
{
	if (f->raw && value->type == JSON_STRING)
		return event_add_raw(out, value, how(f));
	if (is_plain(f))
		return event_add_value(out, value, how(f));
	return json_pretty(out, value->text, &f->look);
}

static int
add_members(struct buf *out, const struct output_format *f,
    const struct event *ev)
{
	char now[CLOCK_ISO_SIZE];

	if (buf_add_str(out, "{\"time\":\"") == -1 ||
	    buf_add_str(out, clock_iso_of(now, ev->time_us / 1000)) == -1 ||
	    buf_add_str(out, "\",\"topic\":") == -1 ||
	    event_add_value(out, &ev->topic, how(f)) == -1 ||
	    (ev->retained &&
	    buf_add_str(out, ",\"retained\":true") == -1) ||
	    (ev->history &&
	    buf_add_str(out, ",\"history\":true") == -1) ||
	    buf_add_str(out, ",\"event\":") == -1 ||
	    event_add_value(out, &ev->value, how(f)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

static int
add_object(struct buf *out, const struct output_format *f,
    const struct event *ev)
{
	struct buf text = { 0 };
	int rc;

	if (is_plain(f))
		return add_members(out, f, ev);
	if ((rc = add_members(&text, f, ev)) == 0)
		rc = json_pretty(out, buf_slice(&text), &f->look);
	buf_clear(&text);
	return rc;
}

static int
add_record(struct buf *out, const struct output_format *f,
    const struct event *ev)
{
	if (f->topic && (event_add_topic(out, ev, how(f)) == -1 ||
	    buf_add_char(out, '\t') == -1))
		return -1;
	if ((f->object ? add_object(out, f, ev) :
	    add_value(out, f, &ev->value)) == -1)
		return -1;
	return buf_add_char(out, f->nul ? '\0' : '\n');
}

enum event_outcome
output_event(struct buf *out, const struct output_format *f,
    const struct event *ev, struct errbuf *e)
{
	size_t before = out->len;

	if (f->format != NULL)
		return format_add(f->format, out, ev, how(f), e);
	if (add_record(out, f, ev) == 0)
		return EVENT_OK;
	out->len = before;
	return EVENT_MEMORY;
}
