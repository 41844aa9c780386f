/*
 * opt_list.c: operands, or the values of an option.
 */
#include "base/opt_list.h"

#include <stdlib.h>

int
opt_list_add(struct opt_list *l, const char *v)
{
	size_t cap = l->n == 0 ? 1 : l->n * 2;
	const char **grown;

	/* Full at each power of two. */
	if ((l->n & (l->n - 1)) == 0) {
		grown = realloc(l->v, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		l->v = grown;
	}
	l->v[l->n++] = v;
	return 0;
}
