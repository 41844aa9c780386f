/*
 * inline.c: requirements and defaults inside a channel.
 *
 * What counts is what the original's regular expression takes:
 * \{(!?\w++)(<.*?>)?(\?[^\}]*+)?\}
 */
#include "route/inline.h"

#include <string.h>

#include "route/pattern_scan.h"

static bool
is_at(struct slice s, size_t at, char c)
{
	return at < s.len && s.p[at] == c;
}

/* The same look-ahead from each of many starts would take their square: where
 * one found nothing, none behind it finds anything. */
struct looked {
	bool   no_brace;	/* there is no '}' any more */
	size_t no_regex;	/* before this no "<regex>" ends */
};

/* "?default}" or "}" at *at, which moves behind it. */
static bool
take_end(struct inline_param *p, struct slice s, size_t *at,
    struct looked *seen)
{
	size_t start = *at + 1;
	const char *brace;

	if (is_at(s, *at, '?')) {
		brace = seen->no_brace ? NULL :
		    memchr(s.p + start, '}', s.len - start);
		if (brace == NULL) {
			seen->no_brace = true;
			return false;
		}
		*at = (size_t)(brace - s.p);
		p->value = slice_of(s.p + start, *at - start);
		p->is_null = p->value.len == 0;
	}
	if (!is_at(s, *at, '}'))
		return false;
	++*at;
	return true;
}

/* "<regex>" and the end at *at: the first '>' that an end follows is meant. */
static bool
take_regex(struct inline_param *p, struct slice s, size_t *at,
    struct looked *seen)
{
	size_t start = *at + 1, end, behind;

	if (start < seen->no_regex)
		return false;
	for (end = start; end < s.len && s.p[end] != '\n'; end++) {
		behind = end + 1;
		if (s.p[end] != '>' || !take_end(p, s, &behind, seen))
			continue;
		p->regex = slice_of(s.p + start, end - start);
		*at = behind;
		return true;
	}
	seen->no_regex = end;
	return false;
}

/* A parameter at *at, where a '{' stands; *at moves behind it. */
static bool
take_param(struct inline_param *p, struct slice s, size_t *at,
    struct looked *seen)
{
	size_t start = *at + 1, end;

	*p = (struct inline_param){ 0 };
	end = pattern_word_end(s, start + is_at(s, start, '!'));
	if (end == start + is_at(s, start, '!'))
		return false;
	p->name = slice_of(s.p + start, end - start);
	if (!(is_at(s, end, '<') ? take_regex(p, s, &end, seen) :
	    take_end(p, s, &end, seen)))
		return false;
	*at = end;
	return p->regex.p != NULL || p->value.p != NULL;
}

int
inline_next(struct inline_param *out, struct slice channel, size_t *at,
    struct buf *plain)
{
	struct looked seen = { .no_brace = false };
	size_t i, end;

	for (i = *at; i < channel.len; i++) {
		if (channel.p[i] != '{')
			continue;
		end = i;
		if (!take_param(out, channel, &end, &seen))
			continue;
		if (buf_add(plain, channel.p + *at, i - *at) == -1 ||
		    buf_add_char(plain, '{') == -1 ||
		    buf_add_slice(plain, out->name) == -1 ||
		    buf_add_char(plain, '}') == -1)
			return -1;
		*at = end;
		return 0;
	}
	return buf_add(plain, channel.p + *at, channel.len - *at) == -1 ?
	    -1 : 1;
}
