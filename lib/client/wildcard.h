/*
 * wildcard.h: topics that were meant as patterns, as other brokers have them:
 * "shop/#", "shop/+/new", "shop.*", "shop.>"
 *
 * In WAMP v1 a topic is a name, and so are these.  Some routes take a "*" as
 * a parameter, so such a topic is no mistake by itself; it is worth a word.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* Whether the topic looks so; *stem is what stands before the first sign. */
bool	wildcard_find(struct slice topic, struct slice *stem);
