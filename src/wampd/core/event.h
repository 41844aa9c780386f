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
struct pressure;
struct protocol;
struct retained_end;
struct source;

/* Frames of an event are shared among the sessions that take the same. */
enum event_form { EVENT_PLAIN, EVENT_COMPRESSED, EVENT_FORMS };

struct event_frame {
	struct frame *frame;	/* made of the event and still queued somewhere;
				 * borrowed; or NULL */
	const struct protocol *protocol;	/* of frame */
};

struct event {
	uint32_t refs;
	uint8_t	 kept;		/* KEEP_ bits: as what its topic keeps it */
	bool	 newline;	/* a raw CR or LF is in data */
	bool	 dense;		/* its frames do not get smaller when they are
				 * compressed */
	uint64_t number;	/* of topics->last_event; later events have
				 * higher ones */
	int64_t	 at;		/* when it was published, ms since 1970 */
	int64_t	 until;		/* the same: not retained any more; 0: no
				 * end */
	int64_t	 born;		/* `at` by the monotonic clock, in ms */
	struct source *source;	/* who pays for it; borrowed; or NULL */
	struct retained_end *end; /* owned by retain.c; or NULL */
	size_t	*total;		/* borrowed; sum of all events' sizes */
	struct event_frame frame[EVENT_FORMS];
	size_t	 len;		/* bytes of data */
	char	 data[];	/* JSON, without a NUL */
};

#define EVENT_OVERHEAD	offsetof(struct event, data)

/* Make an event, with one reference, from a copy of that JSON text.  newline:
 * a raw CR or LF is in it.  Its size is added to *total, which must outlive
 * it.  All other fields are 0.  Returns NULL when out of memory. */
struct event *event_new(size_t *total, struct slice json, bool newline);

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

/* A topic keeps it as that, and takes a reference. */
void	event_keep(struct event *ev, unsigned as, struct pressure *p);

/* The topic does not keep it as that any more, and gives the reference
 * back. */
void	event_unkeep(struct event *ev, unsigned as, struct pressure *p);

/* Give a reference back.  The last one frees the event.  NULL is fine. */
void	event_unref(struct event *ev);

static inline struct slice
event_json(const struct event *ev)
{
	return slice_of(ev->data, ev->len);
}
