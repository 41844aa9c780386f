/*
 * procedure.c: the broker's own procedures, wampd.*.
 */
#include "wampd/core/procedure.h"

#include <stdlib.h>
#include <string.h>

static int
compare_entries(const void *a, const void *b)
{
	const struct procedure_entry *x = a, *y = b;

	return strcmp(x->procedure->name, y->procedure->name);
}

int
procedures_add(struct procedures *all, const struct procedure *rows,
    void *ctx)
{
	struct procedure_entry *grown;
	size_t i, n;

	for (n = 0; rows[n].name != NULL; n++)
		;
	grown = realloc(all->v, (all->n + n) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	all->v = grown;
	for (i = 0; i < n; i++)
		all->v[all->n++] = (struct procedure_entry){ &rows[i], ctx };
	qsort(all->v, all->n, sizeof(*all->v), compare_entries);
	return 0;
}

const struct procedure_entry *
procedures_find(const struct procedures *all, struct slice uri)
{
	size_t i;

	if (!slice_starts(uri, SLICE("wampd.")))
		return NULL;
	for (i = 0; i < all->n; i++)
		if (slice_eq(slice_str(all->v[i].procedure->name), uri))
			return &all->v[i];
	return NULL;
}

void
procedures_clear(struct procedures *all)
{
	free(all->v);
	*all = (struct procedures){ 0 };
}
