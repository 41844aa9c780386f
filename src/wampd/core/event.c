/*
 * event.c: an event that is kept.
 */
#include "wampd/core/event.h"

#include <stdlib.h>
#include <string.h>

size_t
event_size(const struct event *ev)
{
	return offsetof(struct event, data) + ev->len;
}

struct event *
event_new(size_t *total, struct slice json, bool newline)
{
	struct event *ev = malloc(offsetof(struct event, data) + json.len);

	if (ev == NULL)
		return NULL;
	ev->refs = 1;
	ev->newline = newline;
	ev->len = json.len;
	ev->total = total;
	memcpy(ev->data, json.p, json.len);
	*total += event_size(ev);
	return ev;
}

void
event_unref(struct event *ev)
{
	if (ev == NULL || --ev->refs > 0)
		return;
	*ev->total -= event_size(ev);
	free(ev);
}
