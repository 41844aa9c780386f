/*
 * library.h: shared libraries that are loaded when they are needed.
 *
 * Loading a library may take longer than a whole run of a tool that does not
 * need it, so no program links against such libraries.  A table has a pointer
 * for each function, with the types of the header of the library.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"

struct library_symbol {
	const char *name;
	size_t	    at;		/* offset of its pointer in the table */
};

/* The row of a function whose pointer in struct table has its name. */
#define LIBRARY_ROW(table, fn)	{ #fn, offsetof(struct table, fn) }

struct library {
	const char *soname;
	const char *need;	/* "YAML files need libyaml": before errors */
	const struct library_symbol *symbols;	/* ends with a row without a
						 * name */
};

/* Load the library and fill the table.  0, or -1 if there is no such library or
 * it lacks a symbol.  It is never unloaded, because few libraries support
 * that. */
int	library_load(void *table, const struct library *l, struct errbuf *e);
