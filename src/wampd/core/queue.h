/*
 * queue.h: a session's outgoing frames, in order.
 *
 * The oldest frame is in the queue itself: a session that reads fast enough
 * needs no more.  The other frames are in a list of chunks.  All queues share
 * one pool of chunks, so that a burst rarely allocates memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "wampd/core/frame.h"

#define QUEUE_CHUNK	62	/* frames: makes a chunk 512 bytes */

struct queue_chunk {
	struct queue_chunk *next;
	uint16_t	    first;	/* index of the oldest frame */
	uint16_t	    end;	/* index behind the newest frame */
	bool		    droppable;	/* it may have frames to drop */
	struct frame	   *frame[QUEUE_CHUNK];	/* one reference each */
};

struct queue_pool {
	struct queue_chunk *free;	/* owned */
	size_t		    n;		/* chunks in free */
	size_t		    used;	/* chunks in queues */
};

/* Zeroed: empty. */
struct queue {
	struct frame	   *front;	/* oldest; one reference; or NULL */
	struct queue_chunk *head;	/* the frames behind it; owned */
	struct queue_chunk *tail;
	size_t		    bytes;	/* of the frames, not written yet */
	uint32_t	    sent;	/* bytes of front that are written */
};

/* Append f to a chunk that has room; part of queue_push(). */
static inline void
queue_chunk_put(struct queue_chunk *c, struct frame *f)
{
	c->frame[c->end++] = f;
	c->droppable |= f->overflow == OVERFLOW_DROP_OLDEST;
}

/* Append f to a new chunk; part of queue_push(). */
int	queue_push_chunk(struct queue *q, struct queue_pool *pool,
	    struct frame *f);

/* Append f.  The queue takes one reference from the caller.  Returns 0, or -1
 * when out of memory; then the caller keeps the reference.  Inline, because it
 * runs for each delivery. */
static inline int
queue_push(struct queue *q, struct queue_pool *pool, struct frame *f,
    enum wire w)
{
	if (q->front == NULL)
		q->front = f;
	else if (q->tail != NULL && q->tail->end < QUEUE_CHUNK)
		queue_chunk_put(q->tail, f);
	else if (queue_push_chunk(q, pool, f) == -1)
		return -1;
	q->bytes += f->wire[w].len;
	return 0;
}

static inline bool
queue_empty(const struct queue *q)
{
	return q->front == NULL;
}

/* The bytes of the oldest frame that are not written yet.  The queue must not
 * be empty. */
struct slice queue_front(const struct queue *q, enum wire w);

/* The rest of the oldest frame, if a part of it is written; else nothing. */
static inline struct slice
queue_cut(const struct queue *q, enum wire w)
{
	return q->sent > 0 ? queue_front(q, w) : slice_of(NULL, 0);
}

/* Copy the bytes that are not written yet to out, which has cap bytes, but only
 * whole frames.  Returns how many bytes; 0 if even the first frame does not
 * fit.  The queue is not changed. */
size_t	queue_gather(const struct queue *q, enum wire w, char *out,
	    size_t cap);

/* Remove the first n bytes, which are written. */
void	queue_consume(struct queue *q, struct queue_pool *pool, enum wire w,
	    size_t n);

/* While more than mark bytes are queued, drop the oldest frame that has
 * OVERFLOW_DROP_OLDEST and is not partly written.  Returns how many frames were
 * dropped. */
size_t	queue_drop(struct queue *q, struct queue_pool *pool, enum wire w,
	    size_t mark);

/* Remove all frames that are not written in part: a part of a frame must not
 * be the last that a peer gets before a close frame. */
void	queue_abandon(struct queue *q, struct queue_pool *pool, enum wire w);

/* Remove all frames. */
void	queue_clear(struct queue *q, struct queue_pool *pool);

/* Free unused chunks of the pool, but keep that many. */
void	queue_pool_trim(struct queue_pool *pool, size_t keep);
