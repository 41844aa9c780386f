/*
 * opposite.h: words that mean the opposite of each other, although they look
 * alike: "on" and "off" mistyped as "of", "subscribe" and "unsubscribe".
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* Whether two known words have opposite parts: "a.get" and "a.set", "retain"
 * and "no-retain".  Parts are separated by characters other than letters.  Case
 * is ignored. */
bool	opposite_words(struct slice a, struct slice b);

/* Whether the given word, which may be mistyped, is at least as near to an
 * opposite of the known word as to that word itself. */
bool	opposite_meant(struct slice given, struct slice word);
