/*
 * pattern.h: a compiled channel pattern with its requirements and defaults.  It
 * follows the rules of PHP's PubSubRouter (oro.md 7.3) and becomes a regular
 * expression, or the rules of its version 0.3 (oro.md 7.5) and becomes tests of
 * its parts.
 *
 *	oro/email_event/{user_id}/{organization_id}
 *
 * A parameter matches its requirement, or else anything up to the next
 * separator.  Parameters at the end that have a default may be missing.
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
	bool	     wildcard;		/* a literal "*" is allowed, too */
	const char  *file;
	unsigned     line, column;
};

struct pattern_default {
	const char  *name;
	struct slice value;
	bool	     inherited;		/* from an import: for many routes */
	unsigned     line, column;
};

/* The content of a file. */
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
	struct slice name;	/* of the parameter; p NULL: static text */
	struct slice after;	/* the channel behind the parameter */
	const struct pattern_requirement *requirement;	/* NULL: none */
	struct regex *check;	/* owned; legacy: the requirement; or NULL */
};

/* A matching topic begins with the text of the first step.  The value of the
 * parameter after it ends before the first byte `until`, with which the text of
 * the next step begins. */
struct pattern_step {
	struct slice text;
	char	     until;	/* '\0': the last step */
	bool	     exact;	/* the last step: the topic ends with it */
};

/* One attribute of a match. */
struct pattern_slot {
	const char  *name;
	size_t	     group;		/* of the regex; legacy: the number of
					 * the token, from 1; 0: a default
					 * only */
	bool	     has_default;
	struct slice value;		/* the default */
};

/* Texts and arrays belong to the arena of pattern_compile().  The members for
 * matching come first, on one line of the cache. */
struct pattern {
	struct regex	    *code;	/* owned; NULL: static, or legacy */
	struct pattern_slot *slots;	/* in the order of the pattern, then
					 * defaults that are no parameter's */
	size_t		     n_slots;	/* at most PATTERN_ATTRS_MAX */
	size_t		     n_params;
	struct pattern_token *tokens;
	size_t		     n_tokens;
	size_t		     optional;	/* all tokens from this one on may be
					 * missing */
	const char	    *regex;	/* that of code, or NULL */
	struct pattern_step *steps;
	size_t		     n_steps;	/* at least 1 */
	struct pattern_spec  spec;	/* a copy */
};

struct regex_scratch;

/* Compile.  0, or -1 if *d got an error. */
int	pattern_compile(struct pattern *p, const struct pattern_spec *spec,
	    struct arena *mem, struct diags *d);

/* Whether the whole topic matches. */
bool	pattern_match(const struct pattern *p, struct slice topic,
	    struct regex_scratch *scratch);

/* The value of one of p's slots in the topic that scratch has last matched;
 * false if it has none. */
bool	pattern_value(const struct pattern *p, const struct pattern_slot *slot,
	    struct slice topic, const struct regex_scratch *scratch,
	    struct slice *out);

/* The default of that name, or NULL (pattern_scan.c). */
const struct pattern_default *pattern_find_default(
	    const struct pattern_spec *spec, struct slice name);

/* Free everything that is not in the arena. */
void	pattern_clear(struct pattern *p);
