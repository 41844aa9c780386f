/*
 * import.h: the files that a definition with "resource" imports.
 */
#pragma once

#include <stddef.h>

#include "route/definition.h"

struct import_files {
	char **v;		/* owned, as each path; in order */
	size_t n;
};

/* Find them.  What is wrong is reported at the definition's node; then there
 * may be none.  The list is the caller's to clear. */
void	import_find(struct import_files *out, const struct source *s,
	    const struct definition *def);

void	import_clear(struct import_files *files);
