/*
 * definition.h: reads one definition of a routing file from its YAML: a route,
 * or an import of other files.
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
	const struct definition *replaced; /* one with the same name, elsewhere;
					    * NULL: none */
	const char *handler;		/* of a route */
	struct pattern_spec spec;	/* an import: what it overrides.  A
					 * default whose value's p is NULL is
					 * null */
	/* The arrays of spec, only those of this definition. */
	struct pattern_requirement *requirements;
	struct pattern_default	   *defaults;
	size_t	    cap_requirements, cap_defaults;
	bool	    utf8_given;
	const struct yaml_node *resource;	/* of an import, else NULL */
	const struct yaml_node *type;		/* NULL: not given */
	const struct yaml_node *exclude;
};

/* Read one.  NULL if nothing can be used; an error or a warning says why.  If a
 * part is wrong, only that part is ignored. */
struct definition *definition_read(const struct source *s,
	    const struct yaml_node *name, const struct yaml_node *value);

/* Add one, or replace the one with its name (definition_put.c).  0, or -1 when
 * out of memory. */
int	definition_put_requirement(struct definition *def,
	    struct pattern_requirement r, struct arena *mem);
int	definition_put_default(struct definition *def,
	    struct pattern_default d, struct arena *mem);

/* Override values of the route with those of the import.  0, or -1 when out of
 * memory. */
int	definition_override(struct definition *route,
	    const struct definition *import, struct arena *mem);

/* Remove the defaults that are null, when nothing can override them any
 * more. */
void	definition_finish(struct definition *route);
