/*
 * retained.c: sending the retained event of a topic to a new subscriber.
 */
#include "wampd/core/retained.h"

#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/protocol.h"

/* Make a frame of that form; form becomes EVENT_PLAIN if it is not smaller
 * compressed.  The caller owns one reference. */
static struct frame *
retained_make(struct session *s, const struct topic *t, struct event *ev,
    enum event_form *form)
{
	struct broker *b = s->broker;
	struct frame *packed, *f;

	f = s->protocol->event(b, t, event_json(ev), ev->newline,
	    s->marks ? ev : NULL);
	if (f == NULL)
		return NULL;
	b->stats.frames_allocated++;
	if (*form == EVENT_PLAIN)
		return f;
	if ((packed = compress_frame(b, f)) == f) {
		ev->dense = true;
		*form = EVENT_PLAIN;
	}
	return packed;
}

/* A reference to the frame of the event for s.  It is shared as long as some
 * session has it in its queue: a crowd subscribes at once, and many may be slow
 * to read much that is retained.  Only few sessions want marks, so theirs are
 * not shared. */
static struct frame *
retained_frame(struct session *s, const struct topic *t, struct event *ev)
{
	enum event_form form = s->ops->compressed && !ev->dense ?
	    EVENT_COMPRESSED : EVENT_PLAIN;
	struct broker *b = s->broker;
	struct frame *f;

	if (!s->marks && (f = event_shared(ev, form, s->protocol)) != NULL) {
		f->refs++;
		return f;
	}
	f = retained_make(s, t, ev, &form);
	if (f != NULL && !s->marks)
		event_share(ev, form, f, s->protocol,
		    &b->pressure.kept_frames, &b->pressure.frame_bytes);
	return f;
}

void
retained_send(struct session *s, const struct topic *t, struct event *ev)
{
	struct frame *f = retained_frame(s, t, ev);

	if (f == NULL)
		session_doom(s, 0, "out of memory");
	else if (session_send(s, f) && ev == t->retained)
		s->retained++;
}
