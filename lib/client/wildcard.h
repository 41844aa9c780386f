/*
 * wildcard.h: topics that look like patterns of other brokers:
 *
 * In WAMP v1 these are names like any other, and some routes accept a "*" as a
 * parameter.  Such a topic is therefore not an error, but is worth a warning.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* Whether the topic looks like a pattern.  *stem is the part before the first
 * wildcard. */
bool	wildcard_find(struct slice topic, struct slice *stem);
