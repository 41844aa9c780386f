/*
 * permissions.c: what a credential allows, beside what its owner may do.
 */
#include "wampd/core/permissions.h"

#include <stdlib.h>
#include <string.h>

struct permissions *
permissions_new(void)
{
	struct permissions *p = calloc(1, sizeof(*p));

	if (p != NULL)
		p->refs = 1;
	return p;
}

struct permissions *
permissions_ref(struct permissions *p)
{
	p->refs++;
	return p;
}

static void
entries_free(struct permission *v, size_t n)
{
	while (n > 0)
		free(v[--n].text);
	free(v);
}

void
permissions_unref(struct permissions *p)
{
	if (p == NULL || --p->refs > 0)
		return;
	entries_free(p->topics, p->n_topics);
	entries_free(p->procedures, p->n_procedures);
	free(p);
}

static int
entries_add(struct permission **v, size_t *n, const struct permission *entry)
{
	struct permission *grown;

	if (*n == PERMISSIONS_MAX)
		return -1;
	if ((grown = realloc(*v, (*n + 1) * sizeof(*grown))) == NULL)
		return -1;
	*v = grown;
	grown[*n] = *entry;
	grown[*n].text = calloc(1, entry->uri.len + 1);
	if (grown[*n].text == NULL)
		return -1;
	if (entry->uri.len > 0)
		memcpy(grown[*n].text, entry->uri.p, entry->uri.len);
	grown[*n].uri.p = grown[*n].text;
	(*n)++;
	return 0;
}

int
permissions_add_topic(struct permissions *p, const struct permission *entry)
{
	return entries_add(&p->topics, &p->n_topics, entry);
}

int
permissions_add_procedure(struct permissions *p,
    const struct permission *entry)
{
	return entries_add(&p->procedures, &p->n_procedures, entry);
}

bool
permissions_allow(const struct permissions *p, enum declare_action action,
    struct slice uri)
{
	bool call = action == DECLARE_CALL;
	const struct permission *v = call ? p->procedures : p->topics;
	const struct permission *best = NULL;
	size_t i, n = call ? p->n_procedures : p->n_topics;

	for (i = 0; i < n; i++) {
		if (slice_eq(v[i].uri, uri))
			return v[i].allows[action];
		if (v[i].prefix && slice_starts(uri, v[i].uri) &&
		    (best == NULL || v[i].uri.len > best->uri.len))
			best = &v[i];
	}
	return best != NULL && best->allows[action];
}

/* ---- comparing ---- */

static bool
entries_same(const struct permission *a, const struct permission *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!slice_eq(a[i].uri, b[i].uri) ||
		    a[i].prefix != b[i].prefix || memcmp(a[i].allows,
		    b[i].allows, sizeof(a[i].allows)) != 0)
			return false;
	return true;
}

bool
permissions_same(const struct permissions *a, const struct permissions *b)
{
	if (a == NULL || b == NULL || a == b)
		return a == b;
	return a->n_topics == b->n_topics &&
	    a->n_procedures == b->n_procedures &&
	    entries_same(a->topics, b->topics, a->n_topics) &&
	    entries_same(a->procedures, b->procedures, a->n_procedures);
}
