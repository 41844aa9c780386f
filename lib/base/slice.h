/*
 * slice.h: a borrowed range of bytes, which need not be NUL-terminated.  The
 * function that returns a slice says who owns the bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct slice {
	const char *p;		/* borrowed; may be NULL only when len is 0 */
	size_t	    len;	/* bytes */
};

static inline struct slice
slice_of(const char *p, size_t len)
{
	struct slice s = { p, len };

	return s;
}

/* A slice of a string literal, without its NUL.  C++ has no compound
 * literals, C's initializers no functions. */
#ifdef __cplusplus
#define SLICE(lit)	slice_of((lit), sizeof(lit) - 1)
#else
#define SLICE(lit)	((struct slice){ (lit), sizeof(lit) - 1 })
#endif

/* The slice of a NUL-terminated string, borrowed from it. */
static inline struct slice
slice_str(const char *s)
{
	return slice_of(s, strlen(s));
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool
slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	    (prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

/* Whether the text is somewhere in s; ASCII letters are equal in both cases. */
static inline bool
slice_contains_nocase(struct slice s, struct slice text)
{
	size_t i;

	for (i = 0; i + text.len <= s.len; i++)
		if (strncasecmp(s.p + i, text.p, text.len) == 0)
			return true;
	return false;
}
