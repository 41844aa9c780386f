/*
 * cookie.c: the cookies of a request.
 */
#include "wampd/auth/cookie.h"

#include <string.h>

static struct slice
trim(struct slice s)
{
	while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = slice_of(s.p + 1, s.len - 1);
	while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static struct slice
unquote(struct slice s)
{
	return s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"' ?
	    slice_of(s.p + 1, s.len - 2) : s;
}

bool
cookie_find(struct slice cookies, struct slice name, struct slice *value)
{
	struct slice rest = cookies, pair;
	const char *end;

	while (rest.len > 0) {
		end = memchr(rest.p, ';', rest.len);
		pair = slice_of(rest.p, end != NULL ? (size_t)(end - rest.p) :
		    rest.len);
		rest = end != NULL ? slice_of(end + 1,
		    rest.len - pair.len - 1) : SLICE("");
		pair = trim(pair);
		if (pair.len <= name.len || pair.p[name.len] != '=' ||
		    !slice_starts(pair, name))
			continue;
		*value = unquote(slice_of(pair.p + name.len + 1,
		    pair.len - name.len - 1));
		return true;
	}
	return false;
}
