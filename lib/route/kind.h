/*
 * kind.h: files of other kinds that are given as routing or service files.
 */
#pragma once

#include <stdbool.h>

#include "route/source.h"

/* Report a file, by its root, that is clearly none of routes, as one error; or
 * that is clearly none of services.  Whether it was: then nothing more is to be
 * said about it. */
bool	kind_not_routes(const struct source *s, const struct yaml_node *root);
bool	kind_not_services(const struct source *s,
	    const struct yaml_node *root);
