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
event_new(size_t *total, struct slice json, bool newline,
    const struct event_times *times)
{
	struct event *ev = malloc(offsetof(struct event, data) + json.len);

	if (ev == NULL)
		return NULL;
	ev->refs = 1;
	ev->at = times->at;
	ev->until = times->until;
	ev->number = 0;
	memset(ev->frame, 0, sizeof(ev->frame));
	ev->dense = false;
	ev->newline = newline;
	ev->len = json.len;
	ev->total = total;
	memcpy(ev->data, json.p, json.len);
	*total += event_size(ev);
	return ev;
}

struct frame *
event_shared(const struct event *ev, enum event_form form,
    const struct protocol *protocol)
{
	const struct event_frame *x = &ev->frame[form];

	return x->protocol == protocol ? x->frame : NULL;
}

/* Forget a frame.  It is counted in *total, unless that is NULL. */
static void
event_frame_forget(struct event_frame *x, size_t *total)
{
	if (x->frame == NULL)
		return;
	if (total != NULL)
		frame_count_in(x->frame, total);
	x->frame->seen_by = NULL;
	x->frame = NULL;
}

void
event_share(struct event *ev, enum event_form form, struct frame *f,
    const struct protocol *protocol, size_t *total, size_t *others)
{
	struct event_frame *x = &ev->frame[form];

	event_frame_forget(x, others);
	x->frame = f;
	x->protocol = protocol;
	f->seen_by = &x->frame;
	frame_count_in(f, total);
}

void
event_unshare(struct event *ev, size_t *total)
{
	int i;

	for (i = 0; i < EVENT_FORMS; i++)
		event_frame_forget(&ev->frame[i], total);
}

void
event_unref(struct event *ev)
{
	if (ev == NULL || --ev->refs > 0)
		return;
	event_unshare(ev, NULL);
	*ev->total -= event_size(ev);
	free(ev);
}
