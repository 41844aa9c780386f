/*
 * nearest.h: the known word that a mistyped one was meant to be.
 *
 *	nearest_init(&near, given, strlen(given));
 *	for (i = 0; words[i] != NULL; i++)
 *		nearest_try(&near, words[i]);
 *	if (near.found != NULL)
 *		... did you mean near.found? ...
 *
 * It is a guess, so it must do no harm to who follows it: never the opposite
 * of what was meant (opposite.h), and nothing rather than one of two such.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NEAREST_WORK	4000000	/* pairs of letters: tens of milliseconds */

struct nearest {
	const char *given;	/* borrowed; not NUL-terminated */
	size_t	    len;
	size_t	    score;	/* of the best so far: the less the nearer */
	const char *found;	/* borrowed; NULL: none is near enough */
	bool	    torn;	/* between two opposites: none, then */
	uint64_t    work;	/* pairs of letters that may still be
				 * compared; 0: words are passed over */
};

void	nearest_init(struct nearest *n, const char *given, size_t len);

/* Take the word for the nearest if none so far is nearer.  A word that begins
 * as what was given does is near, however long it is. */
void	nearest_try(struct nearest *n, const char *word);

/* The same of a route's channel, whose parameters, {name}, may be anything up
 * to the next slash. */
void	nearest_try_channel(struct nearest *n, const char *channel);
