/*
 * library.h: shared libraries that are loaded when something asks for them.
 *
 * Loading one may take longer than a whole run of a tool that does not need
 * it: no program links against such a library.  The functions that are called
 * stand in a table of pointers, with the types of the library's header.
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
	const struct library_symbol *symbols;	/* up to one without name */
};

/* Load the library and fill the table.  0, or -1 when there is no library of
 * that name or it lacks a symbol.  It stays loaded: few libraries can be taken
 * out of a process again. */
int	library_load(void *table, const struct library *l, struct errbuf *e);
