/*
 * source.h: the place that definitions are read from, and the values of their
 * keys.
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

/* Report an error or a warning at a node. */
void	source_report(const struct source *s, enum diag_level level,
	    const struct yaml_node *at, const char *rule, const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
void	source_out_of_memory(const struct source *s,
	    const struct yaml_node *at);

/* Sort the values of a mapping by the known keys, a NULL-terminated list:
 * fields[k] is the value of known[k].  A null counts as not given, as in PHP's
 * isset().  An unknown key is reported, as an error or a warning. */
void	source_fields(const struct source *s, const struct yaml_node *mapping,
	    const char *const *known, const struct yaml_node **fields,
	    enum diag_level unknown);

/* The same.  A key in the list `outside` (NULL: none) is reported as one that
 * belongs to the mapping around this one. */
void	source_fields_inside(const struct source *s,
	    const struct yaml_node *mapping, const char *const *known,
	    const char *const *outside, const struct yaml_node **fields,
	    enum diag_level unknown);

/* The text of a node, or NULL after reporting an error. */
const char *source_text(const struct source *s, const struct yaml_node *n,
	    const char *what);

/* Warn if PHP reads the text of the node as a value with another text: 1.0 as
 * 1, true as a flag. */
void	source_check_plain(const struct source *s, const struct yaml_node *n);

/* true or false; anything else is reported. */
bool	source_flag(const struct source *s, const struct yaml_node *n,
	    const char *what);

/* A mapping with at most as many members as a route can use.  NULL if it is not
 * given, is empty (PHP writes an empty list), or after reporting an error. */
const struct yaml_node *source_mapping(const struct source *s,
	    const struct yaml_node *n, const char *what, const char *example);
