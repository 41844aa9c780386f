/*
 * regex.h: PCRE2 as routes need it.
 *
 * An expression matches a whole text, '.' takes newlines too, and only named
 * groups capture: what PHP's "#^...$#sD" does.  Texts come from the network:
 * matching has limits, and a text that exceeds them does not match.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct pcre2_real_code_8;	/* PCRE2's compiled expression */

#define REGEX_GROUPS_MAX	32

struct regex_error {
	size_t	offset;		/* byte in the expression */
	char	text[120];	/* PCRE2's words */
};

/* Compile; utf8 makes characters of the bytes, as PHP's "u".  NULL with *e
 * filled, also when it has more than REGEX_GROUPS_MAX named groups. */
struct pcre2_real_code_8 *regex_new(struct slice expression, bool utf8,
	    struct regex_error *e);
void	regex_free(struct pcre2_real_code_8 *re);

/* The names of groups 1 to the returned n, names[0] that of group 1; borrowed
 * from the expression. */
size_t	regex_names(const struct pcre2_real_code_8 *re,
	    const char *names[REGEX_GROUPS_MAX]);

/* Working memory of matching, and the captures of the last match. */
struct regex_scratch;

struct regex_scratch *regex_scratch_new(void);
void	regex_scratch_free(struct regex_scratch *s);

bool	regex_match(const struct pcre2_real_code_8 *re, struct slice text,
	    struct regex_scratch *s);

/* What a group captured of the text just matched; false when it took no
 * part. */
bool	regex_capture(const struct regex_scratch *s, struct slice text,
	    size_t group, struct slice *out);
