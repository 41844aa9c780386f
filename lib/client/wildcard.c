/*
 * wildcard.c: topics that were meant as patterns.
 */
#include "client/wildcard.h"

#include <stddef.h>
#include <string.h>

static bool
is_separator(char c)
{
	return c == '/' || c == '.' || c == ':';
}

/* A sign is the whole of a part, as in "a/+/b".  A star at the end needs no
 * separator, and comes in twos as well; "http://example.com/simple#" is a name
 * as any other. */
static bool
is_sign(struct slice topic, size_t at)
{
	char c = topic.p[at];
	bool last = at + 1 == topic.len;
	bool begins = at == 0 || is_separator(topic.p[at - 1]);
	bool ends = last || is_separator(topic.p[at + 1]);

	if (c == '*')
		return (begins && ends) || last || topic.p[at + 1] == '*';
	if (c == '+')
		return begins && ends;
	return (c == '#' || c == '>') && begins && last;
}

bool
wildcard_find(struct slice topic, struct slice *stem)
{
	size_t i;

	for (i = 0; i < topic.len; i++)
		if (is_sign(topic, i)) {
			*stem = slice_of(topic.p, i);
			return true;
		}
	return false;
}
