/*
 * hint.h: hints about text that is not JSON.
 */
#pragma once

#include "base/slice.h"
#include "proto/json.h"

/* The origin of the text. */
enum hint_source {
	HINT_TEXT,		/* the command line; NUL-terminated */
	HINT_LINES,		/* a line of -l */
	HINT_NUL,		/* a record of -0 */
	HINT_REPLAY,		/* a line or record of --replay */
	HINT_VALUES,		/* the JSON values of an input */
};

/* A static clause without a full stop.  It names the option that accepts such
 * text, or the program that converts it. */
const char *hint_for(enum hint_source source, struct slice text,
	    const struct json_error *fault);

/* The encoding of a text that is not UTF-8, and how to convert it, if that can
 * be recognized; else NULL. */
const char *hint_encoding(struct slice text);
