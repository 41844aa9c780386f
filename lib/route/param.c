/*
 * param.c: the parameters that a topic is made from, as people give them.
 */
#include "route/param.h"

#include <ctype.h>
#include <string.h>

bool
route_param_split(struct route_param *out, const char *operand)
{
	size_t n = strcspn(operand, "=/");

	if (operand[n] != '=' || (!isalpha((unsigned char)operand[0]) &&
	    operand[0] != '_'))
		return false;
	out->name = slice_of(operand, n);
	out->value = slice_str(operand + n + 1);
	return true;
}

const struct route_param *
route_params_find(const struct route_params *list, struct slice name)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (slice_eq(list->v[i].name, name))
			return &list->v[i];
	return NULL;
}

int
route_params_add(struct route_params *list, const struct route_param *param,
    struct errbuf *e)
{
	if (route_params_find(list, param->name) != NULL)
		err_set(e, "the parameter %.*s is given twice",
		    (int)param->name.len, param->name.p);
	else if (list->n == ROUTE_PARAMS_MAX)
		err_set(e, "more than %d parameters", ROUTE_PARAMS_MAX);
	else {
		list->v[list->n++] = *param;
		return 0;
	}
	return -1;
}
