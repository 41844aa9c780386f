/*
 * param.h: the parameters for generating a topic.
 *
 * They are separate from generate.h, so that tools that do not generate topics
 * themselves need no regular expressions.
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
 * name begins with a letter or an underscore, unlike JSON other than true,
 * false and null, and contains no slash, unlike paths of files. */
bool	route_param_split(struct route_param *out, const char *operand);

/* Add a parameter.  0, or -1 with *e filled: the name is already there, or
 * there are too many. */
int	route_params_add(struct route_params *list,
	    const struct route_param *param, struct errbuf *e);

/* The one of that name, or NULL. */
const struct route_param *route_params_find(const struct route_params *list,
	    struct slice name);

__END_DECLS
