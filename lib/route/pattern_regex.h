/*
 * pattern_regex.h: internals of pattern.c: the regular expression of a pattern.
 */
#pragma once

#include "base/buf.h"
#include "route/pattern.h"

/* Append the expression of the whole pattern.  0 or -1. */
int	pattern_write(struct buf *out, const struct pattern *p);

/* Append the expression of its first n tokens, all as required. */
int	pattern_write_start(struct buf *out, const struct pattern *p,
	    size_t n);

/* Append the expression of a requirement, including its wildcard.  Anchors are
 * removed after that is added, as in the original.  0 or -1. */
int	pattern_write_requirement(struct buf *out,
	    const struct pattern_requirement *r);

/* Append the expression of a parameter's token, without its separator. */
int	pattern_write_value(struct buf *out, const struct pattern_token *t);
