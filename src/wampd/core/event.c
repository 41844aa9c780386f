/*
 * event.c: an event that is kept.
 */
#include "wampd/core/event.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/frame.h"

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
	ev->frame = NULL;
	ev->newline = newline;
	ev->len = json.len;
	ev->total = total;
	memcpy(ev->data, json.p, json.len);
	*total += event_size(ev);
	return ev;
}

void
event_share(struct event *ev, struct frame *f,
    const struct protocol *protocol, size_t *total)
{
	ev->frame = f;
	ev->protocol = protocol;
	f->seen_by = &ev->frame;
	frame_count_in(f, total);
}

void
event_unshare(struct event *ev, size_t *total)
{
	if (ev->frame == NULL)
		return;
	frame_count_in(ev->frame, total);
	ev->frame->seen_by = NULL;
	ev->frame = NULL;
}

void
event_unref(struct event *ev)
{
	if (ev == NULL || --ev->refs > 0)
		return;
	if (ev->frame != NULL)
		ev->frame->seen_by = NULL;
	*ev->total -= event_size(ev);
	free(ev);
}
