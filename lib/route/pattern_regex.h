/*
 * pattern_regex.h: inside of pattern.c: the regular expression that a
 * pattern's tokens make.
 */
#pragma once

#include "base/buf.h"
#include "route/pattern.h"

/* Append the expression of the whole pattern.  0 or -1. */
int	pattern_write(struct buf *out, const struct pattern *p);

/* Append that of its first n tokens, none of them optional. */
int	pattern_write_start(struct buf *out, const struct pattern *p,
	    size_t n);

/* Append what a requirement says, its wildcard too.  Anchors are stripped after
 * that is added, as the original does.  0 or -1. */
int	pattern_write_requirement(struct buf *out,
	    const struct pattern_requirement *r);

/* Append what a parameter's token may be, without its separator. */
int	pattern_write_value(struct buf *out, const struct pattern_token *t);
