/*
 * parameters.h: parameters of a Symfony container, and texts that use them.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "route/source.h"
#include "route/yaml.h"

struct parameters {
	struct arena mem;	/* what is in the map */
	struct map   by_name;
};

/* Start with those that Oro's bundles set themselves.  0, or -1 when out of
 * memory. */
int	parameters_init(struct parameters *p);

/* Add those of a file's `parameters:`, NULL or null for none; they replace
 * what is there.  The nodes must stay.  0, or -1 when out of memory. */
int	parameters_add(struct parameters *p, const struct source *s,
	    const struct yaml_node *mapping);

/* Append the text of a node as a C string, each %name% replaced and each %% a
 * %.  0, or -1 when *s got an error, at the node. */
int	parameters_expand(const struct parameters *p, const struct source *s,
	    const struct yaml_node *n, struct buf *out);

void	parameters_clear(struct parameters *p);
