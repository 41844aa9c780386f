/*
 * lint.c: what is allowed in routes and hardly meant.
 */
#include "route/lint.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "route/declare.h"
#include "route/lint_channel.h"
#include "route/lint_regex.h"
#include "route/pattern.h"
#include "route/regex.h"
#include "route/sample.h"

static bool
has_param(const struct pattern *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_tokens; i++)
		if (p->tokens[i].name.p != NULL &&
		    slice_eq(p->tokens[i].name, slice_str(name)))
			return true;
	return false;
}

static void
lint_defaults(const struct pattern *p, struct diags *d)
{
	const struct pattern_default *def = p->spec.defaults;
	size_t i;

	for (i = 0; i < p->spec.n_defaults; i++, def++)
		if (!def->inherited && !has_param(p, def->name))
			diag_add(d, DIAG_WARNING, p->spec.file, def->line,
			    def->column, "unused-default", "the channel has no "
			    "parameter {%s}: add it, or keep this attribute of "
			    "all its topics", def->name);
}

static void
lint_name(const struct route *route, struct diags *d)
{
	if (slice_starts(slice_str(route->channel), SLICE("wampd.")))
		diag_add(d, DIAG_WARNING, route->file, route->line,
		    route->column, "own-topic", "the route \"%s\" matches "
		    "nothing: topics that begin with \"wampd.\" are wampd's "
		    "own", route->name);
	if (route->replaced_file != NULL)
		diag_add(d, DIAG_WARNING, route->file, route->line,
		    route->column, "replaced-route", "the route \"%s\" of "
		    "%s:%u is dropped, because this one has the same name: "
		    "rename one of them, or remove it there", route->name,
		    route->replaced_file, route->replaced_line);
}

/* With routes that differ in their requirements alone, each topic that is tried
 * is tried on all of them; so many matches take some seconds. */
#define LINT_WORK_MAX	2000000
#define LINT_WORK_ROUTE	200	/* and for each route */

/* Whether two routes have the same channel, whatever its parameters are
 * called. */
static bool
is_same_channel(const struct pattern *a, const struct pattern *b)
{
	size_t i;

	if (a->n_tokens != b->n_tokens || a->optional != b->optional)
		return false;
	for (i = 0; i < a->n_tokens; i++) {
		const struct pattern_token *t = &a->tokens[i];
		const struct pattern_token *u = &b->tokens[i];
		const struct pattern_requirement *r = t->requirement;
		const struct pattern_requirement *s = u->requirement;

		if (!slice_eq(t->text, u->text) ||
		    (t->name.p == NULL) != (u->name.p == NULL) ||
		    (r == NULL) != (s == NULL))
			return false;
		if (r != NULL && (!slice_eq(r->regex, s->regex) ||
		    r->wildcard != s->wildcard))
			return false;
	}
	return true;
}

/*
 * The route that takes a sample of this one's topics first, when none of the
 * samples comes through; NULL when one does, or there are none.  *witness is
 * that sample.
 */
static const struct route *
find_shadow(struct buf *witness, const struct routes *r, size_t index)
{
	const struct pattern *p = routes_pattern(r, index);
	const struct route *taker, *first = NULL;
	struct buf topic = { 0 };
	unsigned variant, variants = p->n_params > 0 ? SAMPLE_VARIANTS : 1;

	for (variant = 0; variant < variants; variant++) {
		buf_reset(&topic);
		if (sample_topic(&topic, p, variant) == -1)
			break;
		taker = routes_match(r, buf_slice(&topic), NULL);
		if (taker != NULL && taker->index == index) {
			first = NULL;
			break;
		}
		if (first != NULL || taker == NULL || taker->index > index ||
		    !pattern_match(p, buf_slice(&topic), routes_scratch(r)))
			continue;
		first = taker;
		buf_reset(witness);
		(void)buf_add_slice(witness, buf_slice(&topic));
		/* It takes all the others, too. */
		if (is_same_channel(p, routes_pattern(r, first->index)))
			break;
	}
	buf_clear(&topic);
	return first;
}

static void
lint_reach(const struct routes *r, size_t index, struct diags *d)
{
	const struct pattern *p = routes_pattern(r, index);
	struct buf witness = { 0 };
	const struct route *by = find_shadow(&witness, r, index);

	if (by != NULL && is_same_channel(p, routes_pattern(r, by->index)))
		diag_add(d, DIAG_WARNING, p->spec.file, p->spec.line,
		    p->spec.column, "duplicate-channel", "\"%s\" in %s:%u has "
		    "the same channel and comes first, as %.*s shows: remove "
		    "one of them", by->name, by->file, by->line,
		    (int)witness.len, witness.data);
	else if (by != NULL)
		diag_add(d, DIAG_WARNING, p->spec.file, p->spec.line,
		    p->spec.column, "shadowed-channel", "no topic reaches this "
		    "route: \"%s\" in %s:%u takes %.*s%s: move this route "
		    "before it", by->name, by->file, by->line,
		    (int)witness.len, witness.data, p->n_params == 0 ? "" :
		    ", and earlier routes take all other topics that were "
		    "tried");
	buf_clear(&witness);
}

/* Whether there is too much to try; said once. */
static bool
is_too_much(const struct routes *r, size_t index, struct diags *d)
{
	const struct pattern *p = routes_pattern(r, index);

	if (regex_work(routes_scratch(r)) < LINT_WORK_MAX +
	    LINT_WORK_ROUTE * (uint64_t)routes_count(r))
		return false;
	diag_add(d, DIAG_WARNING, p->spec.file, p->spec.line, p->spec.column,
	    "unchecked", "too many routes match similar topics: this one and "
	    "the following ones were not checked");
	return true;
}

void
routes_lint(const struct routes *r, struct diags *d)
{
	struct lint_regex regexes;
	const struct pattern *p;
	bool tries = true;
	size_t i, k;

	lint_regex_init(&regexes, routes_scratch(r));
	for (i = 0; i < routes_count(r); i++) {
		p = routes_pattern(r, i);
		lint_defaults(p, d);
		lint_channel(routes_at(r, i), p, d);
		lint_name(routes_at(r, i), d);
		tries = tries && !is_too_much(r, i, d);
		if (tries)
			lint_reach(r, i, d);
		for (k = 0; k < p->n_tokens; k++)
			if (p->tokens[k].requirement != NULL) {
				lint_delimiters(p->tokens[k].requirement, d);
				lint_regex_check(&regexes, p, &p->tokens[k],
				    d);
			}
	}
	lint_regex_clear(&regexes);
}

size_t
routes_lint_handlers(const struct routes *r,
    const struct declarations *handlers, struct diags *d)
{
	const struct route *route;
	size_t i, closed = 0;

	if (!declare_is_whole(handlers))
		return 0;
	for (i = 0; i < routes_count(r); i++) {
		route = routes_at(r, i);
		if (declare_find(handlers, slice_str(route->handler)) != NULL)
			continue;
		closed++;
		diag_add(d, DIAG_ERROR, route->file, route->line,
		    route->column, "unknown-handler", "the handler \"%s\" of "
		    "\"%s\" is not declared, so its topics are closed: add it "
		    "to \"handlers:\" of wampd.yml", route->handler,
		    route->name);
	}
	return closed;
}
