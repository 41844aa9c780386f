/*
 * event.c: an event that is kept.
 */
#include "wampd/core/event.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/frame.h"
#include "wampd/core/pressure.h"

size_t
event_size(const struct event *ev)
{
	return EVENT_OVERHEAD + ev->len;
}

struct event *
event_new(size_t *total, struct slice json, bool newline)
{
	struct event *ev = malloc(EVENT_OVERHEAD + json.len);

	if (ev == NULL)
		return NULL;
	memset(ev, 0, EVENT_OVERHEAD);
	ev->refs = 1;
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
event_keep(struct event *ev, unsigned as, struct pressure *p)
{
	ev->refs++;
	if (ev->kept == 0)
		p->kept_events += event_size(ev);
	ev->kept |= (uint8_t)as;
}

void
event_unkeep(struct event *ev, unsigned as, struct pressure *p)
{
	ev->kept &= (uint8_t)~as;
	if (ev->kept == 0) {
		p->kept_events -= event_size(ev);
		event_unshare(ev, &p->frame_bytes);
	}
	event_unref(ev);
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
