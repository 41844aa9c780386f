/*
 * nearest.h: finds the known word that a mistyped one was meant to be.
 *
 *	nearest_init(&near, given, strlen(given));
 *	for (i = 0; words[i] != NULL; i++)
 *		nearest_try(&near, words[i]);
 *	if (near.found != NULL)
 *		... did you mean near.found? ...
 *
 * It is a guess, so it must do no harm to those who follow it.  It is never the
 * opposite of what was meant (opposite.h).  If it could be either of two
 * opposites, there is no guess.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEAREST_WORK	4000000	/* pairs of letters: tens of milliseconds */

struct nearest {
	const char *given;	/* borrowed; not NUL-terminated */
	size_t	    len;
	size_t	    score;	/* of the best so far; lower is nearer */
	const char *found;	/* borrowed; NULL: none is near enough */
	bool	    torn;	/* two opposites are equally near: no guess */
	uint64_t    work;	/* pairs of letters that may still be
				 * compared; 0: words are passed over */
};

void	nearest_init(struct nearest *n, const char *given, size_t len);

/* Take the word if it is the nearest so far.  A word that begins with the given
 * one is near, however long it is. */
void	nearest_try(struct nearest *n, const char *word);

/* The same for a route's channel, in which a parameter {name} matches any text
 * up to the next slash. */
void	nearest_try_channel(struct nearest *n, const char *channel);
