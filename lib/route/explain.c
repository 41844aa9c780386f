/*
 * explain.c: why a route does not match a topic.
 *
 * The tokens of its channel are taken one more at a time, until the topic does
 * not fit them any more.
 */
#include "route/explain.h"

#include "route/pattern.h"
#include "route/pattern_legacy.h"
#include "route/pattern_regex.h"
#include "route/regex.h"

/* A group behind the tokens, by a name that nobody gives. */
#define EXPLAIN_REST	"(?P<what_stands_behind_those_tokens_>.*)"

bool
explain_starts(const struct routes *r, size_t index, struct slice topic)
{
	return slice_starts(topic, routes_pattern(r, index)->steps[0].text);
}

static struct slice
slice_behind(struct slice s, size_t n)
{
	return slice_of(s.p + n, s.len - n);
}

/* The expression of the first n tokens with anything behind them. */
static struct regex *
start_regex(const struct pattern *p, size_t n)
{
	struct regex *re = NULL;
	struct buf text = { 0 };
	struct regex_error e;

	if (pattern_write_start(&text, p, n) == 0 &&
	    buf_add_str(&text, EXPLAIN_REST) == 0)
		re = regex_new(buf_slice(&text),
		    p->spec.utf8 ? REGEX_UTF8 : 0, &e);
	buf_clear(&text);
	return re;
}

/* What the topic has behind the first n tokens; false when it does not fit
 * them. */
static bool
regex_rest(const struct pattern *p, size_t n, struct slice topic,
    struct regex_scratch *scratch, struct slice *rest)
{
	const char *names[REGEX_GROUPS_MAX];
	struct regex *re = start_regex(p, n);
	bool fits = re != NULL && regex_match(re, topic, scratch);

	if (fits)
		fits = regex_capture(scratch, topic, regex_names(re, names),
		    rest);
	regex_free(re);
	return fits;
}

/* The same by the rules of version 0.3. */
static bool
legacy_rest(const struct pattern *p, size_t n, struct slice topic,
    struct regex_scratch *scratch, struct slice *rest)
{
	const struct pattern_token *t;
	struct slice value;

	for (t = p->tokens; t < p->tokens + n; t++) {
		if (!slice_starts(topic, t->text))
			return false;
		topic = slice_behind(topic, t->text.len);
		if (t->name.p == NULL)
			continue;
		value = pattern_legacy_part(topic);
		if (!pattern_legacy_accepts(t, value, scratch))
			return false;
		topic = slice_behind(topic, value.len);
	}
	*rest = topic;
	return true;
}

/* ---- words ---- */

#define SHOWN(s)	(int)((s).len < 60 ? (s).len : 60), (s).p

static int
say_parameter(struct buf *out, const struct pattern *p,
    const struct pattern_token *t, struct slice at)
{
	struct slice value = slice_behind(at, t->text.len), regex;

	if (p->spec.legacy)
		value = pattern_legacy_part(value);
	if (t->requirement == NULL || t->requirement->regex.p == NULL)
		return buf_addf(out, "nothing is left for {%.*s} at \"%.*s\"",
		    SHOWN(t->name), SHOWN(value));
	regex = t->requirement->regex;
	return buf_addf(out, "{%.*s} requires %.*s%s, but there is \"%.*s\"",
	    SHOWN(t->name), SHOWN(regex),
	    t->requirement->wildcard ? " or *" : "", SHOWN(value));
}

/* Say that token t does not fit, where the topic has `at`. */
static int
say_token(struct buf *out, const struct pattern *p,
    const struct pattern_token *t, struct slice at)
{
	if (!slice_starts(at, t->text))
		return at.len == 0 ? buf_addf(out, "the topic ends where "
		    "\"%.*s\" must follow", SHOWN(t->text)) :
		    buf_addf(out, "there is \"%.*s\" where \"%.*s\" must "
		    "follow", SHOWN(at), SHOWN(t->text));
	return say_parameter(out, p, t, at);
}

int
explain_mismatch(struct buf *out, const struct routes *r, size_t index,
    struct slice topic)
{
	const struct pattern *p = routes_pattern(r, index);
	struct regex_scratch *scratch = routes_scratch(r);
	struct slice rest = topic, behind;
	size_t i;

	if (p->n_params == 0)
		return buf_addf(out, "it is the one topic %s",
		    p->spec.channel.p);
	if (p->code != NULL && regex_takes_steps(p->code, topic,
	    REGEX_STEPS_MAX, scratch))
		return buf_add_str(out, "its requirements backtrack for too "
		    "long on this topic");
	if (pattern_match(p, topic, scratch))
		return buf_add_str(out, "too many routes before it backtrack "
		    "for too long on this topic");
	for (i = 0; i < p->n_tokens; i++, rest = behind)
		if (!(p->spec.legacy ? legacy_rest : regex_rest)(p, i + 1,
		    topic, scratch, &behind))
			return say_token(out, p, &p->tokens[i], rest);
	return buf_addf(out, "it ends before \"%.*s\"", SHOWN(rest));
}
