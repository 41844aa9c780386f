/*
 * vectors.h: codec tests as data, three lines each:
 *
 *	the input
 *	how it is read
 *	what comes out
 *
 * \xNN stands for a byte in the first and the last.  Lines that start with
 * "#" and empty lines between the triples count for nothing.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"

struct vector {
	size_t	     line;	/* of the input, from 1 */
	struct slice input;	/* in memory of exactly its size */
	const char  *how;
	const char  *want;
};

/* Decode \xNN.  out may be line.  Returns the place behind the last byte. */
char   *vector_decode(char *out, const char *line);

typedef void (*vector_fn)(const struct vector *v);

/* Call fn for each triple of the file.  A file that cannot be read, or that
 * ends within a triple, is a failed check. */
void	vectors_run(const char *path, vector_fn fn);
