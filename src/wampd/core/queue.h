/*
 * queue.h: a session's outgoing frames, in order.
 *
 * The oldest frame lies in the queue itself, which is all that a session in
 * step needs; the others lie in a list of chunks of pointers.  Chunks come
 * from one pool, so queueing in a burst allocates nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "wampd/core/frame.h"

#define QUEUE_CHUNK	62	/* frames; makes a chunk 512 bytes */

struct queue_chunk {
	struct queue_chunk *next;
	uint16_t	    first;	/* index of the oldest frame */
	uint16_t	    end;	/* index behind the newest */
	bool		    droppable;	/* some may be, of these frames */
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
	struct queue_chunk *head;	/* those behind it; owned */
	struct queue_chunk *tail;
	size_t		    bytes;	/* queued on this wire, not yet taken */
	uint32_t	    sent;	/* bytes of the oldest frame that are
					 * gone already */
};

/* Append f to a chunk with room, inside of queue_push(). */
static inline void
queue_chunk_put(struct queue_chunk *c, struct frame *f)
{
	c->frame[c->end++] = f;
	c->droppable |= f->overflow == OVERFLOW_DROP_OLDEST;
}

/* The same in a new chunk. */
int	queue_push_chunk(struct queue *q, struct queue_pool *pool,
	    struct frame *f);

/* Append; the queue takes one reference that the caller made for it.  0, or
 * -1 when out of memory (the reference stays the caller's).  Each delivery
 * passes here: hence inline. */
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

/* The oldest frame's bytes that are still to go; there must be one. */
struct slice queue_front(const struct queue *q, enum wire w);

/* Copy as many whole remainders of frames as fit into cap bytes at out;
 * returns the bytes copied.  Nothing is taken.  0 when the front is larger
 * than cap. */
size_t	queue_gather(const struct queue *q, enum wire w, char *out,
	    size_t cap);

/* The first n bytes are gone: give back the frames they end. */
void	queue_consume(struct queue *q, struct queue_pool *pool, enum wire w,
	    size_t n);

/* While more than mark bytes are queued, drop the oldest frame that may be
 * (OVERFLOW_DROP_OLDEST) and of which nothing was written.  How many. */
size_t	queue_drop(struct queue *q, struct queue_pool *pool, enum wire w,
	    size_t mark);

/* Give everything back. */
void	queue_clear(struct queue *q, struct queue_pool *pool);

/* Free the pool's chunks beyond keep. */
void	queue_pool_trim(struct queue_pool *pool, size_t keep);
