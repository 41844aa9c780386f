/*
 * opposite.h: words that mean the opposite of each other, although they look
 * alike: "on" and "off" mistyped as "of", "subscribe" and "unsubscribe".
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* Whether the two known words are opposites in one of their parts, which are
 * cut at whatever is no letter: "a.get" and "a.set", "retain" and "no-retain".
 * Case does not count. */
bool	opposite_words(struct slice a, struct slice b);

/* Whether the given word, mistyped perhaps, is no farther from an opposite of
 * the known one than from that itself. */
bool	opposite_meant(struct slice given, struct slice word);
