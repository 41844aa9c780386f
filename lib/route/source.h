/*
 * source.h: where definitions are read from, and the values of their keys.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "route/diag.h"
#include "route/yaml.h"

struct source {
	const char   *file;	/* all borrowed */
	struct diags *diags;
	struct arena *mem;	/* for what is read */
	bool	      legacy;	/* the grammar of version 0.3 */
};

/* Report a fault at a node. */
void	source_report(const struct source *s, enum diag_level level,
	    const struct yaml_node *at, const char *rule, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
void	source_out_of_memory(const struct source *s,
	    const struct yaml_node *at);

/* Sort a mapping's values by the known keys, a NULL-terminated list: fields[k]
 * is that of known[k].  A null counts as not given, as it does for PHP's
 * isset(); an unknown key is reported, as an error or as a warning. */
void	source_fields(const struct source *s, const struct yaml_node *mapping,
	    const char *const *known, const struct yaml_node **fields,
	    enum diag_level unknown);

/* The same; a key of the list `outside` (NULL: none) is reported as one of the
 * mapping around this one. */
void	source_fields_inside(const struct source *s,
	    const struct yaml_node *mapping, const char *const *known,
	    const char *const *outside, const struct yaml_node **fields,
	    enum diag_level unknown);

/* The text of a node, or NULL with the error reported. */
const char *source_text(const struct source *s, const struct yaml_node *n,
	    const char *what);

/* Warn where PHP reads the node's text as a value that it shows otherwise:
 * 1.0 as 1, true as a flag. */
void	source_check_plain(const struct source *s, const struct yaml_node *n);

/* true or false; anything else is reported. */
bool	source_flag(const struct source *s, const struct yaml_node *n,
	    const char *what);

/* A mapping with at most so many members as a route can use, or NULL when
 * there is none: not given, empty (PHP writes an empty list), or reported. */
const struct yaml_node *source_mapping(const struct source *s,
	    const struct yaml_node *n, const char *what, const char *example);
