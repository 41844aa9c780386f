/*
 * retained.c: what a topic has kept, on its way to who subscribes later.
 */
#include "wampd/core/retained.h"

#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/procedure.h"

/* The same message once more, for those few alone who asked for the mark. */
static struct frame *
marked_frame(struct session *s, const struct frame *f)
{
	struct slice parts[2] = { frame_payload(f), SLICE(WAMP1_RETAINED) };
	struct frame *marked;

	parts[0].len--;		/* without its bracket */
	marked = frame_new(&s->broker->frame_bytes, parts, 2,
	    frame_has_newline(f));
	if (marked == NULL) {
		session_doom(s, 0, "out of memory");
		return NULL;
	}
	s->broker->stats.frames_allocated++;
	marked->overflow = f->overflow;
	return marked;
}

void
retained_send(struct session *s, struct frame *f)
{
	if (!s->marks)
		f->refs++;
	else if ((f = marked_frame(s, f)) == NULL)
		return;
	if (session_send(s, f))
		s->retained++;
}

int
retained_mark(struct call *c)
{
	if (c->nargs != 1 || !json_is_bool(&c->arg[0]))
		return procedure_bad_argument(c, "argument: true or false");
	c->caller->marks = c->arg[0].type == JSON_TRUE;
	return 0;
}
