/*
 * distance.h: how far a mistyped word is from a known one.
 *
 * The distance is the number of letters that must be inserted, removed,
 * replaced or swapped with their neighbour to turn one word into the other,
 * ignoring case: the optimal string alignment distance.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

#define DISTANCE_MAX	128	/* bytes; longer words are not compared */
#define DISTANCE_ANY	0x100	/* for a parameter: any text, no slash */

/* A word to be compared. */
struct distance_word {
	uint16_t v[DISTANCE_MAX];	/* bytes in lower case, or
					 * DISTANCE_ANY */
	size_t	 n;
	size_t	 letters;		/* of these, the number of bytes */
};

/* Prepare a text for comparison. false: it is too long. */
bool	distance_of(struct distance_word *w, struct slice text);

/* The same for a route's channel, in which a parameter {name} matches any text
 * up to the next slash. false also if its braces do not close. */
bool	distance_of_channel(struct distance_word *w, const char *channel);

/* The distance, or most + 1 if it is larger than most. a has no parameters. */
size_t	distance_within(const struct distance_word *a,
	    const struct distance_word *b, size_t most);

/* The distance of two texts; SIZE_MAX if one is too long. */
size_t	distance_between(struct slice a, struct slice b);
