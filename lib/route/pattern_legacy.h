/*
 * pattern_legacy.h: inside of pattern.c: patterns by the rules of PHP's
 * PubSubRouter 0.3 (oro.md 7.5).
 *
 * Channel and topic are cut at each '/'.  A part of the channel that is a
 * {parameter} takes one part of the topic: any, or one that starts with what
 * the requirement says, in small letters or capitals, or "*" and "all" where
 * the requirement has a wildcard.
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

/* What the parameter that is this token has in a topic that matches. */
struct slice pattern_legacy_value(const struct pattern *p, struct slice topic,
	    size_t token);

/* The part that the text starts with: up to the next '/'. */
struct slice pattern_legacy_part(struct slice text);

/* Whether the parameter's token may have that value. */
bool	pattern_legacy_accepts(const struct pattern_token *t,
	    struct slice value, struct regex_scratch *scratch);
