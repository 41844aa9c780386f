/*
 * json_merge.c: members of JSON objects put over those of another.
 */
#include "proto/json_merge.h"

#include <stdbool.h>

#include "proto/json.h"

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
merge(struct buf *merged, struct slice object, size_t max)
{
	struct buf old = *merged;
	int rc = -1;

	*merged = (struct buf){ 0 };
	/* Looked at first, because comparing takes time by its square. */
	if (object.len <= max &&
	    buf_add_char(merged, '{') == 0 &&
	    add_members(merged, buf_slice(&old), object) == 0 &&
	    add_members(merged, object, SLICE("{}")) == 0 &&
	    buf_add_char(merged, '}') == 0 && merged->len <= max)
		rc = 0;
	buf_clear(&old);
	return rc;
}

int
json_merge(struct buf *object, struct slice objects, size_t max)
{
	struct slice old = object->len > 0 ? buf_slice(object) :
	    SLICE("{}");
	struct buf merged = { 0 };
	struct json_elem next;

	if (buf_add_slice(&merged, old) == -1)
		goto fail;
	while (json_next(&objects, &next))
		if (merge(&merged, next.text, max) == -1)
			goto fail;
	buf_clear(object);
	*object = merged;
	return 0;
fail:
	buf_clear(&merged);
	return -1;
}
