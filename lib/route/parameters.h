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

/* Start with the parameters that Oro's bundles set.  0, or -1 when out of
 * memory. */
int	parameters_init(struct parameters *p);

/* Add those of `parameters:` of a file (NULL or null: none).  They replace
 * earlier ones.  The nodes must remain valid.  0, or -1 when out of memory. */
int	parameters_add(struct parameters *p, const struct source *s,
	    const struct yaml_node *mapping);

/* Append the text of a node as a C string, with each %name% replaced and each
 * %% as %. 0, or -1 if *s got an error at the node. */
int	parameters_expand(const struct parameters *p, const struct source *s,
	    const struct yaml_node *n, struct buf *out);

void	parameters_clear(struct parameters *p);
