/*
 * queue.c: a session's outgoing frames, in order.
 */
#include "wampd/core/queue.h"

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
	c->droppable = false;
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
	queue_chunk_put(c, f);
	if (q->tail != NULL)
		q->tail->next = c;
	else
		q->head = c;
	q->tail = c;
	return 0;
}

/* Take the oldest frame behind the front.  NULL when there is none. */
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

/* Remove the oldest frame. */
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

/* ---- dropping ---- */

static bool
is_droppable(const struct queue *q, const struct frame *f, size_t mark)
{
	return q->bytes > mark && f->overflow == OVERFLOW_DROP_OLDEST;
}

static void
queue_lose(struct queue *q, struct frame *f, enum wire w)
{
	q->bytes -= f->wire[w].len;
	frame_unref(f, 1);
}

/* Drop frames of one chunk, which may also have frames that must be kept.
 * Returns how many were dropped. */
static size_t
chunk_drop(struct queue *q, struct queue_chunk *c, enum wire w, size_t mark)
{
	uint16_t i, kept = c->first, end = c->end;

	for (i = c->first; i < end; i++)
		if (is_droppable(q, c->frame[i], mark))
			queue_lose(q, c->frame[i], w);
		else
			c->frame[kept++] = c->frame[i];
	c->end = kept;
	c->droppable = q->bytes <= mark;	/* else all are dropped */
	return end - kept;
}

/* The queue may be full of frames that must not be dropped.  So each chunk is
 * visited only once for all frames to drop, and skipped if it has none. */
size_t
queue_drop(struct queue *q, struct queue_pool *pool, enum wire w, size_t mark)
{
	struct queue_chunk *c, **at = &q->head, *last = NULL;
	size_t n = 0;

	for (; q->front != NULL && q->sent == 0 &&
	    is_droppable(q, q->front, mark); n++) {
		queue_lose(q, q->front, w);
		q->front = chunk_shift(q, pool);
	}
	while (q->bytes > mark && (c = *at) != NULL) {
		if (c->droppable)
			n += chunk_drop(q, c, w, mark);
		if (c->first < c->end) {
			last = c;
			at = &c->next;
			continue;
		}
		*at = c->next;
		if (q->tail == c)
			q->tail = last;
		chunk_give(pool, c);
	}
	return n;
}

void
queue_abandon(struct queue *q, struct queue_pool *pool, enum wire w)
{
	struct frame *f;

	if (q->sent == 0) {
		queue_clear(q, pool);
		return;
	}
	while ((f = chunk_shift(q, pool)) != NULL)
		queue_lose(q, f, w);
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
