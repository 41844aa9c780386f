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

/* "?default}" or "}" at *at, which moves behind it. */
static bool
take_end(struct inline_param *p, struct slice s, size_t *at)
{
	size_t start = *at + 1;
	const char *brace;

	if (is_at(s, *at, '?')) {
		brace = memchr(s.p + start, '}', s.len - start);
		if (brace == NULL)
			return false;
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
take_regex(struct inline_param *p, struct slice s, size_t *at)
{
	size_t start = *at + 1, end, behind;

	for (end = start; end < s.len && s.p[end] != '\n'; end++) {
		behind = end + 1;
		if (s.p[end] != '>' || !take_end(p, s, &behind))
			continue;
		p->regex = slice_of(s.p + start, end - start);
		*at = behind;
		return true;
	}
	return false;
}

/* A parameter at *at, where a '{' stands; *at moves behind it. */
static bool
take_param(struct inline_param *p, struct slice s, size_t *at)
{
	size_t start = *at + 1, end;

	*p = (struct inline_param){ 0 };
	end = pattern_word_end(s, start + is_at(s, start, '!'));
	if (end == start + is_at(s, start, '!'))
		return false;
	p->name = slice_of(s.p + start, end - start);
	if (!(is_at(s, end, '<') ? take_regex(p, s, &end) :
	    take_end(p, s, &end)))
		return false;
	*at = end;
	return p->regex.p != NULL || p->value.p != NULL;
}

int
inline_next(struct inline_param *out, struct slice channel, size_t *at,
    struct buf *plain)
{
	size_t i, end;

	for (i = *at; i < channel.len; i++) {
		if (channel.p[i] != '{')
			continue;
		end = i;
		if (!take_param(out, channel, &end))
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
