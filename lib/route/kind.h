/*
 * kind.h: recognizes files of another kind that are given as routing or service
 * files.
 */
#pragma once

#include <stdbool.h>

#include "route/source.h"

/* Report a file that, judging by its root, is clearly not a routing file, or
 * not a service file, as one error.  If it returns true, report nothing else
 * about the file. */
bool	kind_not_routes(const struct source *s, const struct yaml_node *root);
bool	kind_not_services(const struct source *s,
	    const struct yaml_node *root);
