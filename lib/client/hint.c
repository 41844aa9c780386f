/*
 * hint.c: what may help with a text that is no JSON.
 */
#include "client/hint.h"

#include <string.h>
#include <unistd.h>

#include "proto/json_cut.h"

/* How files of other kinds begin. */
static const struct {
	struct slice head;
	const char  *hint;
} kinds[] = {
	{ { "\xff\xfe\0\0", 4 }, "it is UTF-32: iconv -f UTF-32 makes it "
	  "UTF-8" },
	{ { "\0\0\xfe\xff", 4 }, "it is UTF-32: iconv -f UTF-32 makes it "
	  "UTF-8" },
	{ { "\xff\xfe", 2 }, "it is UTF-16: iconv -f UTF-16 makes it UTF-8" },
	{ { "\xfe\xff", 2 }, "it is UTF-16: iconv -f UTF-16 makes it UTF-8" },
	{ { "\x1f\x8b", 2 }, "it is compressed: zcat reads it" },
	{ { "\xfd" "7zXZ", 5 }, "it is compressed: xzcat reads it" },
	{ { "\x28\xb5\x2f\xfd", 4 }, "it is compressed: zstdcat reads it" },
};

const char *
hint_encoding(struct slice text)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_starts(text, kinds[i].head))
			return kinds[i].hint;
	/* Without a byte order mark; JSON begins with ASCII. */
	if (text.len >= 2 && text.p[0] == '\0' && text.p[1] > 0)
		return "it is UTF-16: iconv -f UTF-16BE makes it UTF-8";
	if (text.len >= 2 && text.p[0] > 0 && text.p[1] == '\0' &&
	    strchr("{[\"", text.p[0]) != NULL)
		return "it is UTF-16: iconv -f UTF-16LE makes it UTF-8";
	return NULL;
}

/* Whether the text is a stream of several values. */
static bool
is_stream(struct slice text)
{
	struct json_cut c = { 0 };
	struct json_error je;
	struct json_elem elem;
	struct slice value;
	size_t used;

	while (json_cut(&c, text, true, &value, &used) == JSON_CUT_VALUE) {
		if (c.broken || json_scan_value(value, JSON_DEPTH_DEFAULT - 1,
		    &elem, &je) == -1)
			return false;
		text = slice_of(text.p + used, text.len - used);
	}
	return true;
}

/* Whether the text may be a part of a value: it ends where more must follow,
 * or begins with the end of something. */
static bool
is_part(struct slice text, const struct json_error *fault)
{
	while (text.len > 0 && strchr(" \t\r", text.p[0]) != NULL)
		text = slice_of(text.p + 1, text.len - 1);
	while (text.len > 0 && strchr(" \t\r", text.p[text.len - 1]) != NULL)
		text.len--;
	if (text.len == 0)
		return false;
	return strchr("]}", text.p[0]) != NULL ||
	    (strchr("{[,:", text.p[text.len - 1]) != NULL &&
	    strchr("{[\"", text.p[0]) != NULL) ||
	    (strchr("{[", text.p[0]) != NULL && fault->offset >= text.len);
}

const char *
hint_for(enum hint_source source, struct slice text,
    const struct json_error *fault)
{
	const char *hint;

	if (source == HINT_TEXT)
		return access(text.p, R_OK) == 0 ? "-f reads the file" :
		    "-s takes text as a string";
	if (source == HINT_VALUES)
		return fault->offset < text.len &&
		    text.p[fault->offset] == '\0' ?
		    "-0 takes records that end in NUL" :
		    "-s takes all as a string, -ls each line";
	if ((hint = hint_encoding(text)) != NULL)
		return hint;
	if (source == HINT_REPLAY)
		return is_part(text, fault) ? "jq -c makes one line of each "
		    "value" : "--replay takes what wamp-sub -j prints";
	if (source == HINT_LINES && is_part(text, fault))
		return "without -l a value may span lines";
	if (is_stream(text))
		return source == HINT_LINES ?
		    "without -l a line may hold several values" :
		    "without -0 values need no NUL between them";
	return source == HINT_LINES && memchr(text.p, '\0', text.len) !=
	    NULL ? "-0 takes records that end in NUL" :
	    "-s takes text as a string";
}
