/*
 * extra.c: what only some sessions have.
 */
#include "wampd/core/extra.h"

#include <stdlib.h>

#include "proto/json_merge.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"

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
extra_free(struct session *s)
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
	request_forget(s);
	while ((o = TAILQ_FIRST(&x->owed)) != NULL)
		o->forget(o);
	tally_reset(&x->tally);
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

/* ---- rates ---- */

static struct rate *
rate_obtain(struct extra *x, struct handler *h, int64_t now)
{
	struct rate *grown;
	size_t i;

	for (i = 0; i < x->nrates; i++)
		if (x->rates[i].handler == h)
			return &x->rates[i];
	grown = realloc(x->rates, (x->nrates + 1) * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	x->rates = grown;
	x->rates[x->nrates] = (struct rate){
		.handler = h, .tokens = h->burst, .since = now
	};
	return &x->rates[x->nrates++];
}

bool
extra_take(struct session *s, struct handler *h)
{
	int64_t now = s->broker->now;
	struct extra *x;
	struct rate *r;

	if ((x = extra_obtain(s)) == NULL ||
	    (r = rate_obtain(x, h, now)) == NULL)
		return false;
	r->tokens += (double)(now - r->since) * h->rate / 1e3;
	if (r->tokens > h->burst)
		r->tokens = h->burst;
	r->since = now;
	if (r->tokens < 1)
		return false;
	r->tokens -= 1;
	return true;
}
