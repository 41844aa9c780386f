/*
 * pattern_steps.h: internals of pattern.c: the static parts of the topics that
 * a pattern matches, for the index.
 */
#pragma once

#include "base/arena.h"
#include "route/pattern.h"

/* Fill p->steps from its tokens.  0, or -1 when out of memory. */
int	pattern_steps(struct pattern *p, struct arena *mem);
