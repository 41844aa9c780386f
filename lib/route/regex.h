/*
 * regex.h: PCRE2 for routes.
 *
 * An expression must match a whole text, '.' matches newlines, too, and only
 * named groups capture, as in PHP's "#^...$#sD".  Texts come from the network,
 * so matching has limits, and a text that exceeds them does not match.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct regex;

#define REGEX_GROUPS_MAX	32

/*
 * Enough for a normal expression to go through the longest topic once and back.
 * An expression that backtracks for ever is stopped within milliseconds.
 */
#define REGEX_STEPS_MAX		250000

struct regex_error {
	size_t	offset;		/* byte in the expression */
	char	text[120];	/* the message of PCRE2 */
};

enum regex_flag {
	REGEX_UTF8 = 1,		/* characters instead of bytes: PHP's "u" */
	REGEX_CASELESS = 2,	/* PHP's "i" */
	REGEX_PLAIN = 4,	/* PHP's "#...#": a part of the text is enough,
				 * all groups capture, '.' takes no newline,
				 * '$' stands before one at the end */
};

/* Compile.  NULL with *e filled, also if there are more than REGEX_GROUPS_MAX
 * groups. */
struct regex *regex_new(struct slice expression, unsigned flags,
	    struct regex_error *e);
void	regex_free(struct regex *re);

/* The names of groups 1 to the returned n; names[0] is that of group 1.
 * Borrowed from the expression. */
size_t	regex_names(const struct regex *re,
	    const char *names[REGEX_GROUPS_MAX]);

/* Working memory for matching, and the captures of the last match. */
struct regex_scratch;

struct regex_scratch *regex_scratch_new(void);
void	regex_scratch_free(struct regex_scratch *s);

bool	regex_match(struct regex *re, struct slice text,
	    struct regex_scratch *s);

/* How many matches have been stopped by a limit so far. */
size_t	regex_give_ups(const struct regex_scratch *s);

/* The approximate cost of all matches so far.  Each match counts as one; one
 * that was stopped counts as many as would take its time. */
uint64_t regex_work(const struct regex_scratch *s);

/* Whether matching takes more than that many steps.  The text may match or
 * not. */
bool	regex_takes_steps(const struct regex *re, struct slice text,
	    unsigned steps, struct regex_scratch *s);

/* The capture of a group in the text just matched. false if neither it nor a
 * later group took part.  As in PHP, a group that took no part before one that
 * did has captured "". */
bool	regex_capture(const struct regex_scratch *s, struct slice text,
	    size_t group, struct slice *out);
