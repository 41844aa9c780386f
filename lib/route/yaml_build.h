/*
 * yaml_build.h: inside of yaml.c: the reading of one text.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "route/diag.h"
#include "route/yaml.h"

struct yaml_doc {
	struct arena	  mem;	/* all nodes and texts, and this */
	const char	 *file;
	bool		  tags;	/* are no errors */
	bool		  secret;	/* its memory is wiped */
	struct yaml_node *root;	/* NULL until built */
};

/* Fill doc->root from a text without byte order mark.  0, or -1 when *d got
 * an error. */
int	yaml_build(struct yaml_doc *doc, struct slice text, struct diags *d);
