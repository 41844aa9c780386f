/*
 * import.h: the files that a definition with "resource" imports.
 */
#pragma once

#include "route/definition.h"
#include "route/files.h"

/* Find the files.  Errors are reported at the node of the definition; then
 * there may be no files.  The caller clears the list. */
void	import_find(struct files *out, const struct source *s,
	    const struct definition *def);
