/*
 * regex_scan.h: a regular expression, cut into what it is made of.
 *
 * Whoever has to know more of an expression than whether it matches walks it by
 * this.  It knows no more than all of them need: \Q, \x{..} and the like are
 * the escapes \Q and \x with text behind them.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum regex_kind {
	REGEX_CHAR,		/* one byte, also one of . ^ $ */
	REGEX_ESCAPE,		/* \ and the byte behind it, unless it is the
				 * last */
	REGEX_CLASS,		/* [..], the brackets included */
	REGEX_OPEN,		/* ( with what says which kind of group it is */
	REGEX_CLOSE,		/* ) */
	REGEX_OR,		/* | */
	REGEX_QUANTIFIER,	/* with the ? or + behind it */
};

enum regex_group {
	REGEX_GROUP_NUMBERED,	/* ( */
	REGEX_GROUP_NAMED,	/* (?P<name> (?<name> */
	REGEX_GROUP_BARE,	/* (?: */
	REGEX_GROUP_ATOMIC,	/* (?> */
	REGEX_GROUP_RESET,	/* (?| */
	REGEX_GROUP_LOOK,	/* (?= (?! (?<= (?<! */
	REGEX_GROUP_OTHER,	/* any other that begins with (? or (* */
};

#define REGEX_REPEATS_MAX	65535	/* PCRE2 takes no larger bound */
#define REGEX_NO_BOUND		UINT_MAX

struct regex_token {
	enum regex_kind	 kind;
	struct slice	 text;
	enum regex_group group;		/* of REGEX_OPEN */
	unsigned	 fewest, most;	/* of REGEX_QUANTIFIER: repetitions;
					 * REGEX_NO_BOUND: any number */
};

/* The token at *at, which moves behind it.  false at the end. */
bool	regex_next(struct regex_token *t, struct slice regex, size_t *at);

/* The same, but a group is one token: its text is all up to its end, that of
 * the expression if it has none. */
bool	regex_next_atom(struct regex_token *t, struct slice regex, size_t *at);

/* The alternative that starts at *at of the expression; *at moves behind it.
 * false at the end. */
bool	regex_next_alternative(struct slice *out, struct slice regex,
	    size_t *at);

/* What a class is made of. */
enum regex_item_kind {
	REGEX_RANGE,		/* from..to, or one byte */
	REGEX_SET,		/* \ and the letter or digit `from` */
	REGEX_POSIX,		/* [:alpha:] */
};

struct regex_item {
	enum regex_item_kind kind;
	unsigned char	     from, to;
};

/* Set *at to the first item of a REGEX_CLASS.  Whether it is [^..]. */
bool	regex_class_start(struct slice class, size_t *at);

/* The item at *at, which moves behind it.  false at the end. */
bool	regex_class_next(struct regex_item *item, struct slice class,
	    size_t *at);

/* Whether the expression has that sign itself, alone or in a class, and not
 * just something that stands for any. */
bool	regex_spells(struct slice regex, char sign);
