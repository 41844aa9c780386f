/*
 * json_cut.h: a stream of JSON values, cut into them as it comes.
 *
 * Values may stand behind each other with white space between them, with the
 * RS of RFC 7464, or with nothing where that is clear; a line's end means
 * nothing.  A value is there as soon as its last byte is; a number when the
 * byte behind it is.  No byte is looked at twice, whatever pieces they come in.
 *
 * Only the structure is followed, as far as it takes to know that a value goes
 * on: what is cut may be no JSON, and json_scan_value() tells.  Where the
 * structure breaks, what there is up to that byte is the last value, and
 * json_scan_value() is sure to refuse it: who waits for the end of what has
 * none, waits no longer than that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "proto/json.h"

struct json_place {
	uint64_t line;		/* from 0 */
	uint64_t column;	/* from 0, in characters */
};

/* Zeroed: at the start of a stream. */
struct json_cut {
	size_t	 seen;		/* bytes of the text looked at */
	size_t	 start;		/* of the value in the text, if in one */
	bool	 begun;		/* it is behind a byte order mark */
	bool	 broken;	/* the last value was where it broke */
	uint8_t	 state;		/* enum cut_state, see json_cut.c */
	bool	 key;		/* in a string: it is one */
	unsigned depth;		/* containers open now */
	char	 closer[JSON_DEPTH_DEFAULT];	/* of each */
	struct json_place here;	/* of the text's first byte */
	struct json_place at;	/* of the last value's first byte */
};

enum json_cut_next {
	JSON_CUT_VALUE,		/* *value is the next one */
	JSON_CUT_MORE,		/* the text has no end of one */
	JSON_CUT_END,		/* of the stream */
};

/* The next value of text, which is what has come behind the bytes used so far,
 * and at least what it was in the last call; end: nothing will follow.  *used
 * is how many of its bytes to leave out from now on, in any case.  What the
 * stream's end cuts off is a value, too. */
enum json_cut_next json_cut(struct json_cut *c, struct slice text, bool end,
	    struct slice *value, size_t *used);

/* The place of that byte of the last value. */
struct json_place json_cut_place(const struct json_cut *c,
	    struct slice value, size_t offset);
