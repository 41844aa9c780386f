/*
 * pattern.h: a channel pattern with its requirements and defaults, compiled:
 * by the rules of PHP's PubSubRouter (oro.md 7.3) into a regular expression,
 * or by those of its version 0.3 (oro.md 7.5) into tests of its parts.
 *
 *	oro/email_event/{user_id}/{organization_id}
 *
 * A parameter takes what its requirement says, or else anything up to the next
 * separator.  Parameters at the end that have a default may be absent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "route/diag.h"

#define PATTERN_ATTRS_MAX	32	/* parameters and defaults together */
#define PATTERN_NAME_MAX	32	/* bytes of a parameter's name */

struct pattern_requirement {
	const char  *name;
	struct slice regex;		/* legacy: p is NULL for none */
	bool	     wildcard;		/* a literal "*" will do as well */
	const char  *file;
	unsigned     line, column;
};

struct pattern_default {
	const char  *name;
	struct slice value;
	bool	     inherited;		/* from an import: for many routes */
	unsigned     line, column;
};

/* What a file says. */
struct pattern_spec {
	const char  *file;
	unsigned     line, column;	/* of the channel */
	struct slice channel;		/* {name} only, nothing inline */
	bool	     utf8;
	bool	     legacy;		/* the grammar of version 0.3 */
	const struct pattern_requirement *requirements;
	size_t	     n_requirements;
	const struct pattern_default *defaults;	/* none of them null */
	size_t	     n_defaults;
};

/* Static text, or a parameter with the separator right before it. */
struct pattern_token {
	struct slice text;	/* static text; a parameter's separator */
	struct slice name;	/* of the parameter; p is NULL: static text */
	struct slice after;	/* the channel behind the parameter */
	const struct pattern_requirement *requirement;	/* NULL: none */
	struct regex *check;	/* owned; legacy: the requirement; or NULL */
};

/* A topic that matches starts with the first step's text.  What the parameter
 * behind it takes ends right before the first byte `until`, where the next
 * step's text starts. */
struct pattern_step {
	struct slice text;
	char	     until;	/* '\0': the last step */
	bool	     exact;	/* the last step: the topic ends with it */
};

/* One attribute that a match may yield. */
struct pattern_slot {
	const char  *name;
	size_t	     group;		/* of the regex; legacy: the number of
					 * the token, from 1; 0: a default
					 * only */
	bool	     has_default;
	struct slice value;		/* the default */
};

/* Texts and arrays belong to the arena given to pattern_compile().  What
 * matching needs comes first, on one line of the cache. */
struct pattern {
	struct regex	    *code;	/* owned; NULL: static, or legacy */
	struct pattern_slot *slots;	/* in the order of the pattern, then
					 * defaults that are no parameter's */
	size_t		     n_slots;	/* at most PATTERN_ATTRS_MAX */
	size_t		     n_params;
	struct pattern_token *tokens;
	size_t		     n_tokens;
	size_t		     optional;	/* from this token on all may be
					 * absent */
	const char	    *regex;	/* that of code, or NULL */
	struct pattern_step *steps;
	size_t		     n_steps;	/* at least 1 */
	struct pattern_spec  spec;	/* a copy */
};

struct regex_scratch;

/* 0, or -1 when *d got an error. */
int	pattern_compile(struct pattern *p, const struct pattern_spec *spec,
	    struct arena *mem, struct diags *d);

/* Whether the whole topic matches. */
bool	pattern_match(const struct pattern *p, struct slice topic,
	    struct regex_scratch *scratch);

/* The value of one of p's slots in the topic that scratch matched last; false
 * when it has none. */
bool	pattern_value(const struct pattern *p, const struct pattern_slot *slot,
	    struct slice topic, const struct regex_scratch *scratch,
	    struct slice *out);

/* The default of that name, or NULL (pattern_scan.c). */
const struct pattern_default *pattern_find_default(
	    const struct pattern_spec *spec, struct slice name);

/* Free what is not the arena's. */
void	pattern_clear(struct pattern *p);
