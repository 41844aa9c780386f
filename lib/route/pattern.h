/*
 * pattern.h: a channel pattern with its requirements and defaults becomes a
 * regular expression, by the rules of PHP's PubSubRouter (oro.md 7.3).
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
	struct slice regex;
	bool	     wildcard;		/* a literal "*" will do as well */
	unsigned     line, column;
};

struct pattern_default {
	const char  *name;
	struct slice value;
};

/* What a file says; everything borrowed. */
struct pattern_spec {
	const char  *file;
	unsigned     line, column;	/* of the channel */
	struct slice channel;
	bool	     utf8;
	const struct pattern_requirement *requirements;
	size_t	     n_requirements;
	const struct pattern_default *defaults;	/* none of them null */
	size_t	     n_defaults;	/* at most PATTERN_ATTRS_MAX */
};

/* One attribute that a match may yield. */
struct pattern_slot {
	const char  *name;
	size_t	     group;		/* of the regex; 0: a default only */
	bool	     has_default;
	struct slice value;		/* the default */
};

/* Texts belong to the arena given to pattern_compile(). */
struct pattern {
	struct slice prefix;		/* every match starts with it */
	const char  *regex;		/* NULL: the prefix is the only match */
	struct pcre2_real_code_8 *code;	/* owned; NULL without regex */
	struct pattern_slot *slots;	/* in the order of the pattern, then
					 * defaults that are no parameter's */
	size_t	     n_slots;		/* at most PATTERN_ATTRS_MAX */
};

/* 0, or -1 when *d got an error. */
int	pattern_compile(struct pattern *p, const struct pattern_spec *spec,
	    struct arena *mem, struct diags *d);

/* Free what is not the arena's. */
void	pattern_clear(struct pattern *p);
