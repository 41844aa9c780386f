/*
 * import.h: the files that a definition with "resource" imports.
 */
#pragma once

#include "route/definition.h"
#include "route/files.h"

/* Find them.  What is wrong is reported at the definition's node; then there
 * may be none.  The list is the caller's to clear. */
void	import_find(struct files *out, const struct source *s,
	    const struct definition *def);
