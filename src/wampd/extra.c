/*
 * extra.c: what only some sessions have.
 */
#include "wampd/extra.h"

#include <stdlib.h>

#include "proto/json.h"
#include "wampd/broker.h"
#include "wampd/handler.h"
#include "wampd/jq_pool.h"
#include "wampd/listing.h"

struct extra *
extra_obtain(struct session *s)
{
	struct extra *x = s->extra;

	if (x != NULL)
		return x;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return NULL;
	TAILQ_INIT(&x->requests);
	s->extra = x;
	return x;
}

void
extra_free(struct session *s)
{
	struct extra *x = s->extra;

	if (x == NULL)
		return;
	jq_lane_leave(x->lane);
	request_forget(s);
	listing_end(x->listing);
	tally_reset(&x->tally);
	buf_clear(&x->attributes);
	buf_clear(&x->barriers);
	free(x->rates);
	free(x);
	s->extra = NULL;
}

/* ---- attributes ---- */

struct slice
extra_attributes(const struct session *s)
{
	if (s->extra == NULL || s->extra->attributes.len == 0)
		return SLICE("{}");
	return buf_slice(&s->extra->attributes);
}

static int
add_member(struct buf *out, const struct json_elem *key,
    const struct json_elem *value)
{
	if (value->type == JSON_NULL)
		return 0;
	return buf_add_char(out, out->len > 1 ? ',' : ' ') == -1 ||
	    buf_add_slice(out, key->text) == -1 ||
	    buf_add_char(out, ':') == -1 ||
	    buf_add_slice(out, value->text) == -1 ? -1 : 0;
}

/* The members of `from` that `without` does not have. */
static int
add_members(struct buf *out, struct slice from, struct slice without)
{
	struct json_elem key, value, other_key, other;
	struct slice rest = json_inside(from), others;
	bool there;

	while (json_next_member(&rest, &key, &value)) {
		others = json_inside(without);
		there = false;
		while (json_next_member(&others, &other_key, &other))
			there |= slice_eq(other_key.text, key.text);
		if (!there && add_member(out, &key, &value) == -1)
			return -1;
	}
	return 0;
}

/* Put the object's members over those of *merged. */
static int
merge_attributes(struct buf *merged, struct slice object)
{
	struct buf old = *merged;
	int rc = -1;

	*merged = (struct buf){ 0 };
	/* Looked at first, because comparing takes time by its square. */
	if (object.len <= ATTRIBUTES_MAX &&
	    buf_add_char(merged, '{') == 0 &&
	    add_members(merged, buf_slice(&old), object) == 0 &&
	    add_members(merged, object, SLICE("{}")) == 0 &&
	    buf_add_char(merged, '}') == 0 && merged->len <= ATTRIBUTES_MAX)
		rc = 0;
	buf_clear(&old);
	return rc;
}

int
extra_merge(struct buf *attributes, struct slice objects)
{
	struct slice old = attributes->len > 0 ? buf_slice(attributes) :
	    SLICE("{}");
	struct buf merged = { 0 };
	struct json_elem object;

	if (buf_add_slice(&merged, old) == -1)
		goto fail;
	while (json_next(&objects, &object))
		if (merge_attributes(&merged, object.text) == -1)
			goto fail;
	buf_clear(attributes);
	*attributes = merged;
	return 0;
fail:
	buf_clear(&merged);
	return -1;
}

int
extra_set_attributes(struct session *s, struct slice objects)
{
	struct extra *x = extra_obtain(s);

	if (x == NULL || extra_merge(&x->attributes, objects) == -1)
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
