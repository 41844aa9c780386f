/*
 * utf8.h: UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms,
 * nothing above U+10FFFF.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "base/slice.h"

__BEGIN_DECLS

/* The length (1 to 4) of the valid sequence at the start of s, or 0. */
size_t	utf8_sequence(struct slice s);

/* The length of the valid sequences at the start of s that are not ASCII. */
size_t	utf8_run(struct slice s);

/* Whether all of s is valid. */
bool	utf8_valid(struct slice s);

/* A check of text that comes in pieces.  Zeroed at the beginning. */
struct utf8_check {
	unsigned char left;	/* bytes that the last sequence still needs */
	unsigned char low;	/* the next of them must not be below this */
	unsigned char high;	/* nor above this */
};

/* Go on with the next piece.  False as soon as a byte cannot be part of valid
 * text, whatever follows it; the check has ended then. */
bool	utf8_check_add(struct utf8_check *c, struct slice s);

/* Whether the text may end here: no sequence is cut off. */
static inline bool
utf8_check_is_whole(const struct utf8_check *c)
{
	return c->left == 0;
}

/* How many bytes of s to keep if there is room for max bytes: all, or as many
 * as possible without cutting a character. */
size_t	utf8_fit(struct slice s, size_t max);

/* s without the byte order mark that some editors write at the beginning of a
 * file. */
struct slice utf8_unmark(struct slice s);

/* Replace the end of a C string that was too long by "...", so that it has at
 * most max bytes and no character is cut.  Returns its length. */
size_t	utf8_cut(char *text, size_t max);

/* The code point of a valid sequence of n bytes, as utf8_sequence() tells. */
uint32_t utf8_decode(const char *p, size_t n);

/* Write the code point's 1 to 4 bytes to out; returns how many. */
size_t	utf8_encode(char out[4], uint32_t code_point);

__END_DECLS
