/*
 * yaml.h: a YAML file as a tree whose nodes know their places (libyaml).
 *
 * File size, depth and number of nodes are limited.  An alias is a pointer to
 * the node of its anchor, so no file can become larger than it is.  Keys are
 * text, and occur once in a mapping.  A file is one document in UTF-8 without
 * NUL, so that every text is a C string.  Tags except !!str and merge keys (<<)
 * are errors: nothing is ignored.  Only a file that is read with tags may have
 * them; then the reader must check them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "route/diag.h"

#define YAML_FILE_MAX	(16u << 20)	/* bytes */
#define YAML_DEPTH_MAX	64
#define YAML_NODES_MAX	2000000

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAPPING };

struct yaml_node {
	enum yaml_kind	   kind;
	bool		   quoted;	/* YAML_SCALAR: 'x', "x", | or > */
	bool		   tagged;	/* has a tag but !!str */
	unsigned	   line;	/* from 1 */
	unsigned	   column;	/* from 1, in bytes */
	struct slice	   text;	/* YAML_SCALAR; NUL follows; owned by
					 * the document */
	struct yaml_node **items;	/* list members, or a mapping's keys */
	struct yaml_node **values;	/* a mapping's values */
	size_t		   n;
};

struct yaml_doc;

/* Read a file (or text, under the name `file` in diagnostics).  NULL when
 * anything is wrong; then *d has at least one error.  An empty file yields a
 * YAML_NULL root. */
struct yaml_doc *yaml_load_file(const char *file, struct diags *d);
struct yaml_doc *yaml_load_text(const char *file, struct slice text,
	    struct diags *d);

/* As yaml_load_file(), with tags. */
struct yaml_doc *yaml_load_file_tagged(const char *file, struct diags *d);

/* As yaml_load_file(), for a file with secrets: their copies are wiped when the
 * document is freed. */
struct yaml_doc *yaml_load_file_secret(const char *file, struct diags *d);

/* The root and every node below belong to the document. */
const struct yaml_node *yaml_root(const struct yaml_doc *doc);
const char *yaml_file(const struct yaml_doc *doc);

/* The value of a mapping's key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping,
	    const char *key);

/* Unquoted true/false, yes/no, on/off (YAML 1.1 spelling).  0 or -1. */
int	yaml_bool(bool *out, const struct yaml_node *scalar);

/* Not yaml_free(): libyaml exports that name and would call ours. */
void	yaml_doc_free(struct yaml_doc *doc);
