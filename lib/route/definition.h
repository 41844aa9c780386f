/*
 * definition.h: one definition of a routing file, read from its YAML: a route,
 * or the import of other files.
 */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "route/pattern.h"
#include "route/source.h"
#include "route/yaml.h"

/* Texts belong to the YAML document, or to the arena. */
struct definition {
	TAILQ_ENTRY(definition) link;	/* struct collection */
	const char *name;
	const char *file;
	unsigned    line, column;	/* of the name */
	const struct definition *replaced; /* one of the same name, elsewhere;
					 * NULL: none */
	const char *handler;		/* of a route */
	struct pattern_spec spec;	/* an import: what it overrides.  A
					 * default whose value's p is NULL is
					 * null */
	/* The arrays of spec; only of its own. */
	struct pattern_requirement *requirements;
	struct pattern_default	   *defaults;
	size_t	    cap_requirements, cap_defaults;
	bool	    utf8_given;
	const struct yaml_node *resource;	/* of an import, else NULL */
	const struct yaml_node *type;		/* NULL: not given */
	const struct yaml_node *exclude;
};

/* Read one.  NULL when there is nothing to use: an error or a warning tells
 * why.  What is wrong in a part leaves out this part only. */
struct definition *definition_read(const struct source *s,
	    const struct yaml_node *name, const struct yaml_node *value);

/* Put one more in, or over the one of its name (definition_put.c).  0, or -1
 * when out of memory. */
int	definition_put_requirement(struct definition *def,
	    struct pattern_requirement r, struct arena *mem);
int	definition_put_default(struct definition *def,
	    struct pattern_default d, struct arena *mem);

/* Put what the import says over the route.  0, or -1 when out of memory. */
int	definition_override(struct definition *route,
	    const struct definition *import, struct arena *mem);

/* Drop the defaults that are null, when nothing can override them any more. */
void	definition_finish(struct definition *route);
