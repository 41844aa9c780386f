/*
 * pattern_scan.h: internals of pattern.c: splits a channel pattern into tokens
 * and checks it.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"
#include "route/diag.h"
#include "route/pattern.h"

/* Separators, which end a parameter without a requirement. */
#define PATTERN_SEPARATORS	"/,;.:-_~+*=@|"

struct pattern_scan {
	const struct pattern_spec *spec;	/* borrowed, as all texts */
	struct diags *diags;			/* borrowed */
	struct pattern_token tokens[2 * PATTERN_ATTRS_MAX + 1];
	size_t	      n_tokens, n_params;
	size_t	      optional;	/* all tokens from this one on may be missing */
};

/* Split spec's channel and check it with its requirements.  0, or -1 if *d got
 * an error. */
int	pattern_scan(struct pattern_scan *c, const struct pattern_spec *spec,
	    struct diags *d);

/* Whether s contains a "{name}" from *at on; *at moves to it. */
bool	pattern_find_param(struct slice s, size_t *at, struct slice *name);

/* The end of the letters, digits and underscores from `at` on. */
size_t	pattern_word_end(struct slice s, size_t at);

/* A requirement without the ^ or \A, $ or \z around it. */
struct slice pattern_strip(struct slice regex);
struct slice pattern_strip_start(struct slice regex);

/* Append a token; an empty text adds none. false after reporting a parameter
 * that occurs twice, or one too many. */
void	pattern_add_text(struct pattern_scan *c, struct slice text);
bool	pattern_add_param(struct pattern_scan *c, struct slice separator,
	    struct slice name, struct slice after);

/* The checks of both grammars for a channel, and for the name of a
 * requirement. */
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
