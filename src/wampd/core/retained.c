/*
 * retained.c: sending the retained event of a topic to a new subscriber.
 */
#include "wampd/core/retained.h"

#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/protocol.h"

void
retained_forget(struct broker *b)
{
	struct retained_frame *last = &b->retained_frame;

	frame_unref(last->frame, 1);
	event_unref(last->event);
	*last = (struct retained_frame){ .frame = NULL };
}

/* The frame of the event for s.  It is kept for the next session, and shared
 * as long as some session has it in its queue: many may be slow to read much
 * that is retained. */
static struct frame *
retained_frame(struct session *s, const struct topic *t, struct event *ev)
{
	struct broker *b = s->broker;
	struct retained_frame *last = &b->retained_frame;
	struct frame *f;

	if (last->event == ev && last->protocol == s->protocol &&
	    last->marked == s->marks)
		return last->frame;
	if (!s->marks && ev->frame != NULL && ev->protocol == s->protocol)
		return ev->frame;
	f = s->protocol->event(b, t, event_json(ev), ev->newline, s->marks);
	if (f == NULL)
		return NULL;
	b->stats.frames_allocated++;
	retained_forget(b);
	ev->refs++;
	if (!s->marks) {
		event_unshare(ev, &b->pressure.frame_bytes);
		event_share(ev, f, s->protocol, &b->pressure.retained_frames);
	}
	*last = (struct retained_frame){ ev, s->protocol, s->marks, f };
	return f;
}

void
retained_send(struct session *s, const struct topic *t, struct event *ev)
{
	struct frame *f = retained_frame(s, t, ev);

	if (f == NULL) {
		session_doom(s, 0, "out of memory");
		return;
	}
	f->refs++;
	if (session_send(s, f))
		s->retained++;
}
