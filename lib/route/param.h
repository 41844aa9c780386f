/*
 * param.h: the parameters that a topic is made from, as people give them.
 *
 * Apart from generate.h, since tools that leave the generating to others link
 * without the regular expressions behind it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/cdefs.h>

#include "base/err.h"
#include "base/slice.h"

__BEGIN_DECLS

#define ROUTE_PARAMS_MAX	32	/* no route has more */

struct route_param {
	struct slice name, value;	/* both borrowed */
};

/* Zeroed: none. */
struct route_params {
	struct route_param v[ROUTE_PARAMS_MAX];
	size_t		   n;
};

/* Whether the operand has the form name=value; *out is borrowed from it.  A
 * name starts with a letter or an underscore, as JSON other than true, false
 * and null never does, and has no slash, as the paths of files may. */
bool	route_param_split(struct route_param *out, const char *operand);

/* 0, or -1 with *e filled: the name is there already, or it is one too
 * many. */
int	route_params_add(struct route_params *list,
	    const struct route_param *param, struct errbuf *e);

/* The one of that name, or NULL. */
const struct route_param *route_params_find(const struct route_params *list,
	    struct slice name);

__END_DECLS
