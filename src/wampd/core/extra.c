/*
 * extra.c: what only some sessions have.
 */
#include "wampd/core/extra.h"

#include <stdlib.h>

#include "proto/json_merge.h"
#include "wampd/core/session.h"

struct extra *
extra_obtain(struct session *s)
{
	struct extra *x = s->extra;

	if (x != NULL)
		return x;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return NULL;
	TAILQ_INIT(&x->requests);
	TAILQ_INIT(&x->owed);
	s->extra = x;
	return x;
}

void
extra_leave(struct session *s)
{
	struct extra *x = s->extra;
	struct extra_part *part;
	struct owed *o;

	if (x == NULL)
		return;
	while ((part = x->parts) != NULL) {
		x->parts = part->next;
		part->leave(part);
	}
	while ((o = TAILQ_FIRST(&x->owed)) != NULL)
		o->forget(o);
}

void
extra_free(struct session *s)
{
	struct extra *x = s->extra;

	if (x == NULL)
		return;
	buf_clear(&x->attributes);
	buf_clear(&x->barriers);
	free(x->rates);
	free(x);
	s->extra = NULL;
}

/* ---- others' parts ---- */

struct extra_part *
extra_find(const struct session *s, const void *owner)
{
	struct extra_part *part;

	if (s->extra == NULL)
		return NULL;
	for (part = s->extra->parts; part != NULL; part = part->next)
		if (part->owner == owner)
			break;
	return part;
}

int
extra_keep(struct session *s, struct extra_part *part)
{
	struct extra *x = extra_obtain(s);

	if (x == NULL)
		return -1;
	part->next = x->parts;
	x->parts = part;
	return 0;
}

/* ---- attributes ---- */

struct slice
extra_attributes(const struct session *s)
{
	if (s->extra == NULL || s->extra->attributes.len == 0)
		return SLICE("{}");
	return buf_slice(&s->extra->attributes);
}

int
extra_set_attributes(struct session *s, struct slice objects)
{
	struct extra *x = extra_obtain(s);

	if (x == NULL ||
	    json_merge(&x->attributes, objects, ATTRIBUTES_MAX) == -1)
		return -1;
	x->version++;
	return 0;
}
