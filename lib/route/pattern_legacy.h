/*
 * pattern_legacy.h: internals of pattern.c: patterns by the rules of PHP's
 * PubSubRouter 0.3 (oro.md 7.5).
 *
 * Channel and topic are split at each '/'.  A {parameter} in the channel
 * matches one part of the topic: any part, or one whose beginning matches the
 * requirement, ignoring case, or "*" and "all" if the requirement has a
 * wildcard.
 */
#pragma once

#include "route/pattern.h"
#include "route/pattern_scan.h"

/* As pattern_scan(). */
int	pattern_legacy_scan(struct pattern_scan *c,
	    const struct pattern_spec *spec, struct diags *d);

/* Compile the requirements into the tokens.  0, or -1 when *d got an error. */
int	pattern_legacy_compile(struct pattern *p,
	    const struct pattern_scan *c);

/* Add the slots of all parameters.  0 or -1. */
int	pattern_legacy_slots(struct pattern *p, struct arena *mem);

bool	pattern_legacy_match(const struct pattern *p, struct slice topic,
	    struct regex_scratch *scratch);

/* The value of the parameter of this token in a matching topic. */
struct slice pattern_legacy_value(const struct pattern *p, struct slice topic,
	    size_t token);

/* The first part of the text, up to the next '/'. */
struct slice pattern_legacy_part(struct slice text);

/* Whether the parameter's token may have that value. */
bool	pattern_legacy_accepts(const struct pattern_token *t,
	    struct slice value, struct regex_scratch *scratch);
