/*
 * queue.c: a session's outgoing frames, in order.
 */
#include "wampd/queue.h"

#include <stdlib.h>

_Static_assert(sizeof(struct queue_chunk) == 512, "a chunk is 512 bytes");

static struct queue_chunk *
chunk_take(struct queue_pool *pool)
{
	struct queue_chunk *c = pool->free;

	if (c != NULL) {
		pool->free = c->next;
		pool->n--;
	} else if ((c = malloc(sizeof(*c))) == NULL) {
		return NULL;
	}
	pool->used++;
	c->next = NULL;
	c->first = c->end = 0;
	return c;
}

static void
chunk_give(struct queue_pool *pool, struct queue_chunk *c)
{
	c->next = pool->free;
	pool->free = c;
	pool->n++;
	pool->used--;
}

int
queue_push_chunk(struct queue *q, struct queue_pool *pool, struct frame *f)
{
	struct queue_chunk *c;

	if ((c = chunk_take(pool)) == NULL)
		return -1;
	c->frame[c->end++] = f;
	if (q->tail != NULL)
		q->tail->next = c;
	else
		q->head = c;
	q->tail = c;
	return 0;
}

/* The oldest frame behind the front, taken out; NULL when there is none. */
static struct frame *
chunk_shift(struct queue *q, struct queue_pool *pool)
{
	struct queue_chunk *c = q->head;
	struct frame *f;

	if (c == NULL)
		return NULL;
	f = c->frame[c->first++];
	if (c->first == c->end) {
		q->head = c->next;
		if (q->head == NULL)
			q->tail = NULL;
		chunk_give(pool, c);
	}
	return f;
}

struct slice
queue_front(const struct queue *q, enum wire w)
{
	struct slice s = frame_bytes(q->front, w);

	return slice_of(s.p + q->sent, s.len - q->sent);
}

size_t
queue_gather(const struct queue *q, enum wire w, char *out, size_t cap)
{
	const struct queue_chunk *c;
	struct slice s = queue_front(q, w);
	size_t at = s.len;
	uint32_t i;

	if (s.len > cap)
		return 0;
	memcpy(out, s.p, s.len);
	for (c = q->head; c != NULL; c = c->next)
		for (i = c->first; i < c->end; i++) {
			s = frame_bytes(c->frame[i], w);
			if (s.len > cap - at)
				return at;
			memcpy(out + at, s.p, s.len);
			at += s.len;
		}
	return at;
}

/* Drop the oldest frame. */
static void
queue_shift(struct queue *q, struct queue_pool *pool)
{
	frame_unref(q->front, 1);
	q->front = chunk_shift(q, pool);
	q->sent = 0;
}

void
queue_consume(struct queue *q, struct queue_pool *pool, enum wire w, size_t n)
{
	size_t left;

	q->bytes -= n;
	while (n > 0) {
		left = q->front->wire[w].len - q->sent;
		if (n < left) {
			q->sent += (uint32_t)n;
			return;
		}
		n -= left;
		queue_shift(q, pool);
	}
}

/* The oldest droppable frame behind the front, taken out.  Frames of other
 * topics may be in front of it: then the rest of its chunk moves up. */
static struct frame *
chunk_take_droppable(struct queue *q, struct queue_pool *pool)
{
	struct queue_chunk *c, *before = NULL;
	struct frame *f;
	uint32_t i;

	for (c = q->head; c != NULL; before = c, c = c->next)
		for (i = c->first; i < c->end; i++) {
			f = c->frame[i];
			if (f->overflow != OVERFLOW_DROP_OLDEST)
				continue;
			memmove(&c->frame[c->first + 1], &c->frame[c->first],
			    (i - c->first) * sizeof(f));
			if (++c->first < c->end)
				return f;
			if (before != NULL)
				before->next = c->next;
			else
				q->head = c->next;
			if (q->tail == c)
				q->tail = before;
			chunk_give(pool, c);
			return f;
		}
	return NULL;
}

bool
queue_drop(struct queue *q, struct queue_pool *pool, enum wire w)
{
	struct frame *f = q->front;

	if (f == NULL)
		return false;
	if (f->overflow == OVERFLOW_DROP_OLDEST && q->sent == 0)
		q->front = chunk_shift(q, pool);
	else if ((f = chunk_take_droppable(q, pool)) == NULL)
		return false;
	q->bytes -= f->wire[w].len;
	frame_unref(f, 1);
	return true;
}

void
queue_clear(struct queue *q, struct queue_pool *pool)
{
	while (q->front != NULL)
		queue_shift(q, pool);
	*q = (struct queue){ 0 };
}

void
queue_pool_trim(struct queue_pool *pool, size_t keep)
{
	struct queue_chunk *c;

	while (pool->n > keep) {
		c = pool->free;
		pool->free = c->next;
		pool->n--;
		free(c);
	}
}
