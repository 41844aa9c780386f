/*
 * generate.c: topics by the name of their route.
 */
#include "route/generate.h"

#include <string.h>

#include "base/nearest.h"
#include "route/pattern.h"
#include "route/pattern_legacy.h"
#include "route/pattern_regex.h"
#include "route/regex.h"
#include "route/regex_scan.h"

struct generation {
	const struct route	  *route;	/* all borrowed */
	const struct pattern	  *pattern;
	struct regex_scratch	  *scratch;
	const struct route_params *params;
};

/* ---- values ---- */

/* The value of a parameter; false when there is none. */
static bool
token_value(const struct generation *g, const struct pattern_token *t,
    struct slice *out)
{
	const struct route_param *given = route_params_find(g->params,
	    t->name);
	const struct pattern_default *def =
	    pattern_find_default(&g->pattern->spec, t->name);

	if (given == NULL && def == NULL)
		return false;
	*out = given != NULL ? given->value : def->value;
	return true;
}

/* Whether leaving it out says the same. */
static bool
has_default_value(const struct generation *g, const struct pattern_token *t)
{
	const struct route_param *given = route_params_find(g->params,
	    t->name);
	const struct pattern_default *def =
	    pattern_find_default(&g->pattern->spec, t->name);

	return def != NULL &&
	    (given == NULL || slice_eq(given->value, def->value));
}

/* ---- requirements ---- */

/* Look-arounds ask for text that a value alone does not have. */
static int
strip_lookarounds(struct buf *out, struct slice regex)
{
	struct regex_token t;
	size_t start = 0, at = 0;

	for (; regex_next(&t, regex, &at); start = at) {
		if (t.kind == REGEX_OPEN && t.group == REGEX_GROUP_LOOK) {
			at = start;
			(void)regex_next_atom(&t, regex, &at);
		} else if (buf_add_slice(out, t.text) == -1) {
			return -1;
		}
	}
	return 0;
}

/* One that only makes an expression with the rest of its pattern accepts
 * anything here. */
static bool
fits(const struct generation *g, const struct pattern_token *t,
    struct slice value)
{
	unsigned flags = REGEX_CASELESS |
	    (g->pattern->spec.utf8 ? REGEX_UTF8 : 0);
	struct buf regex = { 0 }, plain = { 0 };
	struct regex_error e;
	struct regex *re;
	bool ok = true;

	if (g->pattern->spec.legacy)
		return memchr(value.p, '/', value.len) == NULL &&
		    pattern_legacy_accepts(t, value, g->scratch);
	if (pattern_write_value(&regex, t) == 0 &&
	    strip_lookarounds(&plain, buf_slice(&regex)) == 0 &&
	    (re = regex_new(buf_slice(&plain), flags, &e)) != NULL) {
		ok = regex_match(re, value, g->scratch);
		regex_free(re);
	}
	buf_clear(&regex);
	buf_clear(&plain);
	return ok;
}

/* Say what the parameter must be, in the words of its requirement. */
static void
explain_misfit(const struct generation *g, const struct pattern_token *t,
    struct slice value, struct errbuf *e)
{
	struct slice want = t->requirement != NULL ? t->requirement->regex :
	    SLICE("");

	if (want.len == 0)
		err_set(e, "%.*s=%.*s: the route \"%s\" takes one or more "
		    "characters there, up to the next separator",
		    (int)t->name.len, t->name.p, (int)value.len, value.p,
		    g->route->name);
	else
		err_set(e, "%.*s=%.*s: the route \"%s\" requires %.*s%s",
		    (int)t->name.len, t->name.p, (int)value.len, value.p,
		    g->route->name, (int)want.len, want.p,
		    t->requirement->wildcard ? " or *" : "");
}

/* ---- the topic ---- */

static int
append_token(struct buf *out, const struct generation *g,
    const struct pattern_token *t, struct errbuf *e)
{
	struct slice value = SLICE("");
	int rc = buf_add_slice(out, t->text);

	if (rc == 0 && t->name.p != NULL) {
		(void)token_value(g, t, &value);
		if (!fits(g, t, value)) {
			explain_misfit(g, t, value, e);
			return -1;
		}
		rc = buf_add_slice(out, value);
	}
	if (rc == -1)
		err_set(e, "out of memory");
	return rc;
}

/* All that are missing are named, not the first only. */
static int
check_missing(const struct generation *g, struct errbuf *e)
{
	const struct pattern *p = g->pattern;
	struct buf missing = { 0 };
	const char *text = "";
	struct slice value;
	size_t i, n = 0;

	for (i = 0; i < p->n_tokens; i++)
		if (p->tokens[i].name.p != NULL &&
		    !token_value(g, &p->tokens[i], &value))
			(void)buf_addf(&missing, "%s%.*s", n++ > 0 ? ", " :
			    "", (int)p->tokens[i].name.len,
			    p->tokens[i].name.p);
	if (n > 0 && (text = buf_cstr(&missing)) == NULL)
		err_set(e, "out of memory");
	else if (n > 0)
		err_set(e, "the route \"%s\" needs the parameter%s %s",
		    g->route->name, n > 1 ? "s" : "", text);
	buf_clear(&missing);
	return n == 0 ? 0 : -1;
}

static void
suggest_route(const struct routes *r, const char *name, struct errbuf *e)
{
	struct nearest near;
	size_t i;

	nearest_init(&near, name, strlen(name));
	for (i = 0; i < routes_count(r); i++)
		nearest_try(&near, routes_at(r, i)->name);
	err_suggest(e, near.found);
}

int
routes_generate(struct buf *out, const struct routes *r, const char *name,
    const struct route_params *params, struct errbuf *e)
{
	struct generation g = { .params = params };
	size_t i, end;

	if ((g.route = routes_find(r, name)) == NULL) {
		err_set(e, "there is no route \"%s\"", name);
		suggest_route(r, name, e);
		return -1;
	}
	g.pattern = routes_pattern(r, g.route->index);
	g.scratch = routes_scratch(r);
	if (check_missing(&g, e) == -1)
		return -1;
	end = g.pattern->n_tokens;
	while (end > g.pattern->optional &&
	    has_default_value(&g, &g.pattern->tokens[end - 1]))
		end--;
	for (i = 0; i < end; i++)
		if (append_token(out, &g, &g.pattern->tokens[i], e) == -1)
			return -1;
	/* The separator that starts a channel stays where all else goes. */
	if (end == 0 &&
	    buf_add_slice(out, g.pattern->tokens[0].text) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}

/* ---- doubts ---- */

static bool
is_param(const struct pattern *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->n_tokens; i++)
		if (p->tokens[i].name.p != NULL &&
		    slice_eq(p->tokens[i].name, name))
			return true;
	return false;
}

bool
routes_generate_doubt(const struct routes *r, const char *name,
    const struct route_params *params, struct slice topic, struct errbuf *why)
{
	const struct route *route = routes_find(r, name);
	const struct route *taker = routes_match(r, topic, NULL);
	size_t i;

	for (i = 0; i < params->n; i++)
		if (!is_param(routes_pattern(r, route->index),
		    params->v[i].name)) {
			err_set(why, "the route \"%s\" has no parameter "
			    "%.*s", name, (int)params->v[i].name.len,
			    params->v[i].name.p);
			return true;
		}
	if (taker == NULL)
		err_set(why, "no route matches this topic: the requirements "
		    "of \"%s\" ask for more", name);
	else if (taker != route)
		err_set(why, "the route \"%s\" takes this topic first",
		    taker->name);
	return taker != route;
}
