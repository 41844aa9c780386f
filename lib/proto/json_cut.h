/*
 * json_cut.h: cuts a stream of JSON values as it arrives.
 *
 * Values may follow each other with white space between them, with the RS of
 * RFC 7464, or directly if that is unambiguous; line ends have no meaning.  A
 * value is complete when its last byte is there; a number when the byte after
 * it is.  No byte is read twice, however the stream is split.
 *
 * Only the structure is followed, as far as needed to find the end of a value.
 * The value may be invalid JSON, which json_scan_value() checks.  If the
 * structure breaks, the bytes up to there are the last value, which
 * json_scan_value() refuses.  So nobody waits for the end of a value that has
 * none.
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

/* Zeroed: at the beginning of a stream. */
struct json_cut {
	size_t	 seen;		/* bytes of the text that were read */
	size_t	 start;		/* of the value in the text, if in one */
	bool	 begun;		/* a byte order mark has been skipped */
	bool	 broken;	/* the structure broke in the last value */
	uint8_t	 state;		/* enum cut_state, see json_cut.c */
	bool	 key;		/* in a string: the string is a key */
	unsigned depth;		/* containers open now */
	char	 closer[JSON_DEPTH_DEFAULT];	/* of each */
	struct json_place here;	/* of the text's first byte */
	struct json_place at;	/* of the last value's first byte */
};

enum json_cut_next {
	JSON_CUT_VALUE,		/* *value is the next one */
	JSON_CUT_MORE,		/* the text contains no complete value */
	JSON_CUT_END,		/* of the stream */
};

/* The next value of text, which is the data after the used bytes; it contains
 * at least the text of the last call. end: no more data will come.  *used is in
 * any case the number of bytes to skip from now on.  A value that the end of
 * the stream cuts off is returned, too. */
enum json_cut_next json_cut(struct json_cut *c, struct slice text, bool end,
	    struct slice *value, size_t *used);

/* The place of that byte of the last value. */
struct json_place json_cut_place(const struct json_cut *c,
	    struct slice value, size_t offset);
