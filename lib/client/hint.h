/*
 * hint.h: what may help with a text that is no JSON.
 */
#pragma once

#include "base/slice.h"
#include "proto/json.h"

/* Where the text came from. */
enum hint_source {
	HINT_TEXT,		/* the command line; NUL-terminated */
	HINT_LINES,		/* a line of -l */
	HINT_NUL,		/* a record of -0 */
	HINT_REPLAY,		/* a line or record of --replay */
	HINT_VALUES,		/* the values of an input without either */
};

/* A clause without an end, static.  It names the option by which the text
 * would be taken, or the program that makes it something to be taken. */
const char *hint_for(enum hint_source source, struct slice text,
	    const struct json_error *fault);

/* What a text is that is not UTF-8 and what makes it so, if that can be told;
 * else NULL. */
const char *hint_encoding(struct slice text);
