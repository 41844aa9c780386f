/*
 * curie.c: a session's prefixes.
 *
 * There are few of them, so they are a plain array: no hash is faster than
 * looking at a handful of names.
 */
#include "proto/curie.h"

#include <stdbool.h>
#include <stdlib.h>

static struct prefix *
prefix_find(const struct prefixes *p, struct slice name)
{
	for (size_t i = 0; i < p->n; i++)
		if (slice_eq(slice_of(p->v[i].name, p->v[i].name_len), name))
			return &p->v[i];
	return NULL;
}

static struct slice
prefix_uri(const struct prefix *prefix)
{
	return slice_of(prefix->name + prefix->name_len, prefix->uri_len);
}

/* Room for one more, which is empty.  NULL when out of memory. */
static struct prefix *
prefix_add(struct prefixes *p)
{
	struct prefix *v;

	if ((v = realloc(p->v, (p->n + 1) * sizeof(*v))) == NULL)
		return NULL;
	p->v = v;
	v[p->n] = (struct prefix){ 0 };
	return &v[p->n++];
}

/* A copy of both in one piece.  NULL when out of memory. */
static char *
copy_mapping(struct slice name, struct slice uri)
{
	char *copy;

	if ((copy = malloc(name.len + uri.len + 1)) == NULL)
		return NULL;
	if (name.len > 0)
		memcpy(copy, name.p, name.len);
	if (uri.len > 0)
		memcpy(copy + name.len, uri.p, uri.len);
	return copy;
}

size_t
prefix_size(struct slice name, struct slice uri)
{
	return sizeof(struct prefix) + name.len + uri.len;
}

enum curie_result
prefixes_set(struct prefixes *p, struct slice name, struct slice uri,
    size_t most)
{
	struct prefix *prefix = prefix_find(p, name);
	char *copy;

	if (prefix == NULL && p->n >= most)
		return CURIE_FULL;
	if ((copy = copy_mapping(name, uri)) == NULL)
		return CURIE_NOMEM;
	if (prefix == NULL && (prefix = prefix_add(p)) == NULL) {
		free(copy);
		return CURIE_NOMEM;
	}
	if (prefix->name != NULL)
		p->bytes -= sizeof(*prefix) + prefix->name_len +
		    prefix->uri_len;
	free(prefix->name);
	*prefix = (struct prefix){ copy, name.len, uri.len };
	p->bytes += prefix_size(name, uri);
	return CURIE_OK;
}

void
prefixes_clear(struct prefixes *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i].name);
	free(p->v);
	*p = (struct prefixes){ 0 };
}

static bool
contains(struct slice s, struct slice part)
{
	return memmem(s.p, s.len, part.p, part.len) != NULL;
}

/* The prefix that applies to s, or NULL.  *name_len is set to where the
 * colon is. */
static const struct prefix *
find_mapping(const struct prefixes *p, struct slice s,
    enum wamp_compat compat, size_t *name_len)
{
	const char *colon;

	if (p->n == 0 || s.len == 0 ||
	    (colon = memchr(s.p, ':', s.len)) == NULL)
		return NULL;
	*name_len = (size_t)(colon - s.p);
	if (compat == WAMP_COMPAT_SPEC && *name_len == 0)
		return NULL;
	if (compat == WAMP_COMPAT_ORO &&
	    (contains(s, SLICE("http://")) || contains(s, SLICE("https://"))))
		return NULL;
	return prefix_find(p, slice_of(s.p, *name_len));
}

/* Clients written for other servers map to URIs that end in "#" or "/"; those
 * written for Ratchet, which puts a "#" between, to URIs that do not. */
static bool
wants_hash(struct slice uri, enum wamp_compat compat)
{
	if (compat == WAMP_COMPAT_SPEC)
		return false;
	return uri.len == 0 ||
	    (uri.p[uri.len - 1] != '#' && uri.p[uri.len - 1] != '/');
}

int
curie_expand(struct slice *out, const struct prefixes *p, struct slice s,
    enum wamp_compat compat, struct buf *scratch)
{
	const struct prefix *prefix;
	struct slice uri, rest;
	size_t name_len;

	if ((prefix = find_mapping(p, s, compat, &name_len)) == NULL) {
		*out = s;
		return 0;
	}
	uri = prefix_uri(prefix);
	rest = slice_of(s.p + name_len + 1, s.len - name_len - 1);
	buf_reset(scratch);
	if (buf_add_slice(scratch, uri) == -1 ||
	    (wants_hash(uri, compat) && buf_add_char(scratch, '#') == -1) ||
	    buf_add_slice(scratch, rest) == -1)
		return -1;
	*out = buf_slice(scratch);
	return 0;
}
