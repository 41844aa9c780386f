/*
 * shared.c: what all handlers of one type share in a broker.
 */
#include "wampd/core/shared.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"

struct shared {
	struct shared		*next;	/* broker->shared */
	const struct shared_ops	*ops;	/* static; of its type */
	void			*ctx;	/* owned */
};

void *
shared_find(const struct broker *b, const struct handler_type *type)
{
	const struct shared *s;

	for (s = b->shared; s != NULL; s = s->next)
		if (s->ops == type->shared)
			return s->ctx;
	return NULL;
}

void *
shared_obtain(struct broker *b, const struct handler_type *type)
{
	void *ctx = shared_find(b, type);
	struct shared *s;

	if (ctx != NULL || (s = calloc(1, sizeof(*s))) == NULL)
		return ctx;
	s->ops = type->shared;
	if ((s->ctx = s->ops->make(b)) == NULL) {
		free(s);
		return NULL;
	}
	s->next = b->shared;
	b->shared = s;
	return s->ctx;
}

void
shared_flush(struct broker *b)
{
	const struct shared *s;

	for (s = b->shared; s != NULL; s = s->next)
		s->ops->flush(s->ctx);
}

int64_t
shared_tick(struct broker *b)
{
	const struct shared *s;
	int64_t wait = -1;

	for (s = b->shared; s != NULL; s = s->next)
		wait = clock_sooner(wait, s->ops->tick(s->ctx));
	return wait;
}

void
shared_close(struct broker *b)
{
	const struct shared *s;

	for (s = b->shared; s != NULL; s = s->next)
		s->ops->close(s->ctx);
}

void
shared_free(struct broker *b)
{
	struct shared *s;

	while ((s = b->shared) != NULL) {
		b->shared = s->next;
		s->ops->free(s->ctx);
		free(s);
	}
}
