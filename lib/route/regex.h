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
#include <stdint.h>

#include "base/slice.h"

struct regex;

#define REGEX_GROUPS_MAX	32

/*
 * Enough to walk the longest topic once and back in an honest expression; one
 * that backtracks for ever is cut off within milliseconds.
 */
#define REGEX_STEPS_MAX		250000

struct regex_error {
	size_t	offset;		/* byte in the expression */
	char	text[120];	/* PCRE2's words */
};

enum regex_flag {
	REGEX_UTF8 = 1,		/* characters instead of bytes: PHP's "u" */
	REGEX_CASELESS = 2,	/* PHP's "i" */
	REGEX_PLAIN = 4,	/* PHP's "#...#": a part of the text is enough,
				 * all groups capture, '.' takes no newline,
				 * '$' stands before one at the end */
};

/* Compile.  NULL with *e filled, also when more than REGEX_GROUPS_MAX groups
 * capture. */
struct regex *regex_new(struct slice expression, unsigned flags,
	    struct regex_error *e);
void	regex_free(struct regex *re);

/* The names of groups 1 to the returned n, names[0] that of group 1; borrowed
 * from the expression. */
size_t	regex_names(const struct regex *re,
	    const char *names[REGEX_GROUPS_MAX]);

/* Working memory of matching, and the captures of the last match. */
struct regex_scratch;

struct regex_scratch *regex_scratch_new(void);
void	regex_scratch_free(struct regex_scratch *s);

bool	regex_match(struct regex *re, struct slice text,
	    struct regex_scratch *s);

/* How many matches were cut off by a limit so far. */
size_t	regex_give_ups(const struct regex_scratch *s);

/* What all matches so far have cost, about: each counts one, and one that was
 * cut off as many as would take its time. */
uint64_t regex_work(const struct regex_scratch *s);

/* Whether matching takes more than so many steps; the text may match or not. */
bool	regex_takes_steps(const struct regex *re, struct slice text,
	    unsigned steps, struct regex_scratch *s);

/* What a group captured of the text just matched; false when neither it nor one
 * behind it took part.  As in PHP, one that took none before one that did has
 * captured nothing: "". */
bool	regex_capture(const struct regex_scratch *s, struct slice text,
	    size_t group, struct slice *out);
