/*
 * arena.c: memory that is freed all at once.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK	(16u << 10)	/* bytes; larger pieces get their own */
#define ARENA_ALIGN	alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t size;			/* bytes of data */
	alignas(max_align_t) char data[];
};

static int
arena_grow(struct arena *a, size_t n)
{
	size_t size = n > ARENA_BLOCK ? n : ARENA_BLOCK;
	struct arena_block *b;

	if ((b = calloc(1, sizeof(*b) + size)) == NULL)
		return -1;
	b->next = a->head;
	b->size = size;
	a->head = b;
	a->next = b->data;
	a->left = size;
	return 0;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	void *p;

	if (n > SIZE_MAX / 2)
		return NULL;
	if (n == 0)
		n = 1;		/* NULL is kept for failure */
	n = (n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (n > a->left && arena_grow(a, n) == -1)
		return NULL;
	p = a->next;
	a->next += n;
	a->left -= n;
	return p;
}

char *
arena_copy(struct arena *a, struct slice s)
{
	char *p;

	if ((p = arena_alloc(a, s.len + 1)) != NULL && s.len > 0)
		memcpy(p, s.p, s.len);
	return p;
}

void
arena_clear(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	*a = (struct arena){ 0 };
}

void
arena_wipe(struct arena *a)
{
	struct arena_block *b;

	for (b = a->head; b != NULL; b = b->next)
		explicit_bzero(b->data, b->size);
	arena_clear(a);
}
