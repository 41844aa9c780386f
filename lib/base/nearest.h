/*
 * nearest.h: the known word that a mistyped one was meant to be.
 */
#pragma once

#include <stddef.h>

struct nearest {
	const char *given;	/* borrowed; not NUL-terminated */
	size_t	    len;
	size_t	    distance;	/* of found, or the first that is too far */
	const char *found;	/* borrowed; NULL: none is near enough */
};

void	nearest_init(struct nearest *n, const char *given, size_t len);

/* Take the word for the nearest if none so far is nearer. */
void	nearest_try(struct nearest *n, const char *word);
