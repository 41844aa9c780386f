/*
 * procedure.c: the broker's own procedures: wampd.*, and those of WAMP-CRA.
 */
#include "wampd/core/procedure.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/principal.h"

int
procedure_check(enum procedure_access access, const struct principal *p,
    struct errbuf *e)
{
	bool stranger = principal_is_stranger(p);

	if (access == PROCEDURE_LOGIN ||
	    (access == PROCEDURE_OPEN && !stranger) ||
	    principal_in(p, WHO_LOCAL))
		return 0;
	err_set(e, stranger ? "log in first" :
	    "only local peers may call this");
	return -1;
}

static int
compare_entries(const void *a, const void *b)
{
	const struct procedure_entry *x = a, *y = b;

	return strcmp(x->procedure->name, y->procedure->name);
}

/* As strcmp(); uri may contain NULs. */
static int
compare_name(struct slice uri, const char *name)
{
	size_t len = strlen(name);
	int order = memcmp(uri.p, name, uri.len < len ? uri.len : len);

	return order != 0 ? order : (uri.len > len) - (uri.len < len);
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
		all->v[all->n++] = (struct procedure_entry){
		    &rows[i], ctx, false };
	qsort(all->v, all->n, sizeof(*all->v), compare_entries);
	return 0;
}

void
procedures_hide(struct procedures *all, const struct procedure *rows,
    bool hidden)
{
	const struct procedure *row;
	size_t i;

	for (i = 0; i < all->n; i++)
		for (row = rows; row->name != NULL; row++)
			if (all->v[i].procedure == row)
				all->v[i].hidden = hidden;
}

const struct procedure_entry *
procedures_find(const struct procedures *all, struct slice uri)
{
	size_t low = 0, high = all->n, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = compare_name(uri, all->v[middle].procedure->name);
		if (order == 0)
			return all->v[middle].hidden ? NULL :
			    &all->v[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void
procedures_clear(struct procedures *all)
{
	free(all->v);
	*all = (struct procedures){ 0 };
}
