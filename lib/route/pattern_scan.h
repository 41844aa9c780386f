/*
 * pattern_scan.h: inside of pattern.c: a channel pattern is cut into tokens,
 * and checked.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"
#include "route/diag.h"
#include "route/pattern.h"

/* They end a parameter that has no requirement of its own. */
#define PATTERN_SEPARATORS	"/,;.:-_~+*=@|"

struct pattern_scan {
	const struct pattern_spec *spec;	/* borrowed, as all texts */
	struct diags *diags;			/* borrowed */
	struct pattern_token tokens[2 * PATTERN_ATTRS_MAX + 1];
	size_t	      n_tokens, n_params;
	size_t	      optional;	/* from this token on all may be absent */
};

/* Cut spec's channel and check it with its requirements.  0, or -1 when *d
 * got an error. */
int	pattern_scan(struct pattern_scan *c, const struct pattern_spec *spec,
	    struct diags *d);

/* Whether s has a "{name}" from *at on; *at moves to it. */
bool	pattern_find_param(struct slice s, size_t *at, struct slice *name);

/* Where the letters, digits and underscores from `at` on end. */
size_t	pattern_word_end(struct slice s, size_t at);

/* A requirement without the ^ or \A, $ or \z around it. */
struct slice pattern_strip(struct slice regex);
struct slice pattern_strip_start(struct slice regex);

/* Append a token; no text is no token.  A parameter that stands there twice is
 * reported, and one too many, which is false. */
void	pattern_add_text(struct pattern_scan *c, struct slice text);
bool	pattern_add_param(struct pattern_scan *c, struct slice separator,
	    struct slice name, struct slice after);

/* What both grammars ask of a channel, and of a requirement's name. */
void	pattern_check_channel(const struct pattern_scan *c);
void	pattern_check_used(const struct pattern_scan *c,
	    const struct pattern_requirement *r);

/* Report an error of the channel, or about a requirement. */
void	pattern_error(const struct pattern_scan *c, const char *rule,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void	pattern_report(const struct pattern_scan *c, enum diag_level level,
	    const struct pattern_requirement *r, const char *rule,
	    const char *fmt, ...)
	    __attribute__((format(printf, 5, 6)));
