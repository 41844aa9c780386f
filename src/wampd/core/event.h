/*
 * event.h: an event that is kept, to be sent to later subscribers.
 *
 * It is the payload as it came, not a message of some protocol: each protocol
 * makes its own frame from it.  It is immutable and counted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct frame;
struct protocol;

/* Frames of an event are shared among the sessions that take the same. */
enum event_form { EVENT_PLAIN, EVENT_COMPRESSED, EVENT_FORMS };

struct event_frame {
	struct frame *frame;	/* made of the event and still queued somewhere;
				 * borrowed; or NULL */
	const struct protocol *protocol;	/* of frame */
};

/* When it was published, and when it ends. */
struct event_times {
	int64_t	 at;		/* ms since 1970 */
	int64_t	 until;		/* the same: not retained any more; 0: no end */
};

struct event {
	uint32_t refs;
	int64_t	 at;		/* see struct event_times */
	int64_t	 until;
	uint64_t number;		/* of topics->next_event; a topic keeps
				 * newer events with higher numbers */
	size_t	*total;		/* borrowed; sum of all events' sizes */
	struct event_frame frame[EVENT_FORMS];
	bool	 newline;	/* a raw CR or LF is in data */
	bool	 dense;		/* its frames do not get smaller when they are
				 * compressed */
	size_t	 len;		/* bytes of data */
	char	 data[];	/* JSON, without a NUL */
};

/* Make an event, with one reference, from a copy of that JSON text.  newline:
 * a raw CR or LF is in it.  Its size is added to *total, which must outlive
 * it.  Returns NULL when out of memory. */
struct event *event_new(size_t *total, struct slice json, bool newline,
	    const struct event_times *times);

/* The memory it takes, in bytes. */
size_t	event_size(const struct event *ev);

/* The frame that event_share() remembers for that form and protocol, borrowed;
 * or NULL. */
struct frame *event_shared(const struct event *ev, enum event_form form,
	    const struct protocol *protocol);

/* Remember the frame, which was made of the event in that form for sessions
 * with that protocol, as long as somebody holds it.  It is counted in *total,
 * and the frame that was remembered before in *others. */
void	event_share(struct event *ev, enum event_form form, struct frame *f,
	    const struct protocol *protocol, size_t *total, size_t *others);

/* Forget the frames.  They are counted in *total from now on. */
void	event_unshare(struct event *ev, size_t *total);

/* Give a reference back.  The last one frees the event.  NULL is fine. */
void	event_unref(struct event *ev);

static inline struct slice
event_json(const struct event *ev)
{
	return slice_of(ev->data, ev->len);
}
