/*
 * retained.c: sending the retained event of a topic to a new subscriber.
 */
#include "wampd/core/retained.h"

#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/protocol.h"

/* A reference to the frame of the event for s.  It is shared as long as some
 * session has it in its queue: a crowd subscribes at once, and many may be slow
 * to read much that is retained.  Only few sessions want marks, so theirs are
 * not shared. */
static struct frame *
retained_frame(struct session *s, const struct topic *t, struct event *ev)
{
	struct broker *b = s->broker;
	struct frame *f;

	if (!s->marks && ev->frame != NULL && ev->protocol == s->protocol) {
		ev->frame->refs++;
		return ev->frame;
	}
	f = s->protocol->event(b, t, event_json(ev), ev->newline, s->marks);
	if (f == NULL)
		return NULL;
	b->stats.frames_allocated++;
	if (!s->marks) {
		event_unshare(ev, &b->pressure.frame_bytes);
		event_share(ev, f, s->protocol, &b->pressure.retained_frames);
	}
	return f;
}

void
retained_send(struct session *s, const struct topic *t, struct event *ev)
{
	struct frame *f = retained_frame(s, t, ev);

	if (f == NULL)
		session_doom(s, 0, "out of memory");
	else if (session_send(s, f))
		s->retained++;
}
