/*
 * json_pretty.c: JSON for people: one member a line, and colours.
 *
 * Token by token, without a tree or recursion: what a token is can be told
 * from its first byte, but for keys, which are the strings before a colon.
 */
#include "proto/json_pretty.h"

#include "base/line.h"
#include "proto/json_shown.h"
#include "proto/json_text.h"

#define PRETTY_INDENT	2	/* blanks for each container around */

/* As jq has them: people know what green means. */
static const char *const pretty_colours[] = {
	[JSON_NULL] = "\033[0;90m",
	[JSON_FALSE] = "\033[0;39m",
	[JSON_TRUE] = "\033[0;39m",
	[JSON_NUMBER] = "\033[0;39m",
	[JSON_STRING] = "\033[0;32m",
	[JSON_ARRAY] = "\033[1;39m",
	[JSON_OBJECT] = "\033[1;39m",
};

#define PRETTY_KEY	"\033[34;1m"
#define PRETTY_MARK	"\033[1;39m"	/* what stands between values */
#define PRETTY_PLAIN	"\033[0m"

struct pretty {
	struct buf *out;		/* borrowed */
	const struct json_look *look;	/* borrowed */
	const char *p, *end;		/* the text that is left */
	size_t	    depth;		/* containers open now */
	bool	    failed;		/* out of memory */
};

static void
pretty_add(struct pretty *w, const char *p, size_t n)
{
	if (buf_add(w->out, p, n) == -1)
		w->failed = true;
}

static void
pretty_colour(struct pretty *w, const char *colour)
{
	if (w->look->colour)
		pretty_add(w, colour, strlen(colour));
}

/* To the next token. */
static void
pretty_space(struct pretty *w)
{
	const char *first = w->p;
	size_t start = w->out->len;

	while (w->p < w->end && json_is_space(*w->p))
		w->p++;
	if (w->look->indent)
		return;
	pretty_add(w, first, (size_t)(w->p - first));
	if (w->out->len > start)
		line_blank(w->out->data + start, w->out->len - start);
}

static void
pretty_break(struct pretty *w)
{
	size_t i;

	if (!w->look->indent)
		return;
	pretty_add(w, "\n", 1);
	for (i = 0; i < w->depth * PRETTY_INDENT; i++)
		pretty_add(w, " ", 1);
}

/* A string, a number or a word. */
static void
pretty_scalar(struct pretty *w)
{
	enum json_type type = json_type_at(*w->p);
	const char *first = w->p, *behind;
	bool escaped, key;

	w->p = type == JSON_STRING ? json_string_end(first, w->end, &escaped) :
	    json_word_end(first, w->end);
	for (behind = w->p; behind < w->end && json_is_space(*behind);)
		behind++;
	key = behind < w->end && *behind == ':';
	pretty_colour(w, key ? PRETTY_KEY : pretty_colours[type]);
	if (json_shown(w->out, slice_of(first, (size_t)(w->p - first)),
	    false) == -1)
		w->failed = true;
	pretty_colour(w, PRETTY_PLAIN);
}

static void
pretty_mark(struct pretty *w, const char *p, size_t n)
{
	pretty_colour(w, PRETTY_MARK);
	pretty_add(w, p, n);
	pretty_colour(w, PRETTY_PLAIN);
}

/* An opening bracket; what is empty stays together. */
static void
pretty_open(struct pretty *w)
{
	const char *first = w->p++;

	while (w->look->indent && w->p < w->end && json_is_space(*w->p))
		w->p++;
	if (*w->p == ']' || *w->p == '}') {
		pretty_mark(w, (char[]){ *first, *w->p++ }, 2);
		return;
	}
	pretty_mark(w, first, 1);
	w->depth++;
	pretty_break(w);
}

/* A token, at most with the closing bracket behind it. */
static void
pretty_token(struct pretty *w)
{
	switch (*w->p) {
	case '[':
	case '{':
		pretty_open(w);
		break;
	case ']':
	case '}':
		w->depth--;
		pretty_break(w);
		pretty_mark(w, w->p++, 1);
		break;
	case ',':
		pretty_mark(w, w->p++, 1);
		pretty_break(w);
		break;
	case ':':
		pretty_mark(w, w->p++, 1);
		if (w->look->indent)
			pretty_add(w, " ", 1);
		break;
	default:
		pretty_scalar(w);
		break;
	}
}

int
json_pretty(struct buf *out, struct slice text, const struct json_look *look)
{
	struct pretty w = { out, look, text.p, text.p + text.len, 0, false };

	while (w.p < w.end && !w.failed) {
		pretty_token(&w);
		pretty_space(&w);
	}
	return w.failed ? -1 : 0;
}
