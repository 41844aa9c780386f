/*
 * nearest.c: the broker's procedures that help with mistyped names.
 *
 * They are asked after a refusal, so that refusals cost no search.  Nobody is
 * told of anything that he may not use.  Strangers may ask, so their searches
 * are small and few: all of them together get a share of the processor that
 * nobody notices.
 */
#include "wampd/admin/nearest.h"

#include <string.h>

#include "base/nearest.h"
#include "proto/json.h"
#include "route/pattern.h"
#include "route/regex_scan.h"
#include "route/table.h"
#include "wampd/admin/admin.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/handler.h"
#include "wampd/core/procedure.h"

#define STRANGER_WORK	1000000	/* pairs of letters: a few milliseconds */
#define STRANGER_BURST	20	/* searches of all of them at once */
#define STRANGER_EACH	200	/* ms until there is one more */

enum kind { KIND_CALL, KIND_PUBLISH, KIND_SUBSCRIBE };

/* Whether strangers may have one more search now. */
static bool
stranger_take(struct admin *a)
{
	int64_t now = a->broker->now;
	int64_t begin = now - STRANGER_BURST * STRANGER_EACH;

	/* The bucket as one moment: how far it lies back is what is in it. */
	if (a->nearest_at < begin)
		a->nearest_at = begin;
	if (a->nearest_at + STRANGER_EACH > now)
		return false;
	a->nearest_at += STRANGER_EACH;
	return true;
}

static bool
may_use(const struct handler *h, enum kind kind, const struct principal *who)
{
	switch (kind) {
	case KIND_SUBSCRIBE:
		return acl_allows(&h->subscribe, who);
	case KIND_PUBLISH:
		return acl_allows(&h->publish, who);
	case KIND_CALL:
	default:
		return h->calls && acl_allows(&h->call, who);
	}
}

static void
try_procedures(struct nearest *near, const struct procedures *all,
    bool local)
{
	const struct procedure *p;
	size_t i;

	for (i = 0; i < all->n; i++) {
		p = all->v[i].procedure;
		if (local || p->access == PROCEDURE_OPEN)
			nearest_try(near, p->name);
	}
}

static void
try_routes(struct nearest *near, const struct generation *g, enum kind kind,
    const struct principal *who)
{
	size_t i, n = generation_count_routes(g);

	for (i = 0; i < n && near->work > 0; i++)
		if (g->by_route[i] != NULL &&
		    may_use(g->by_route[i], kind, who))
			nearest_try_channel(near,
			    routes_at(g->routes, i)->channel);
}

static int
read_kind(enum kind *kind, const struct json_elem *arg)
{
	if (slice_eq(arg->text, SLICE("\"call\"")))
		*kind = KIND_CALL;
	else if (slice_eq(arg->text, SLICE("\"publish\"")))
		*kind = KIND_PUBLISH;
	else if (slice_eq(arg->text, SLICE("\"subscribe\"")))
		*kind = KIND_SUBSCRIBE;
	else
		return -1;
	return 0;
}

int
admin_nearest(struct call *c)
{
	const struct principal *who = c->to.session->principal;
	bool local = principal_in(who, WHO_LOCAL);
	struct nearest near;
	struct slice name;
	enum kind kind;

	if (c->nargs != 2 || read_kind(&kind, &c->arg[0]) == -1 ||
	    c->arg[1].type != JSON_STRING)
		return call_bad_argument(c, "arguments: call, publish or "
		    "subscribe, name");
	if (json_string(&name, &c->arg[1], &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	nearest_init(&near, name.p, name.len);
	if (!local)
		near.work = stranger_take(c->ctx) ? STRANGER_WORK : 0;
	if (kind == KIND_CALL)
		try_procedures(&near, &c->broker->procedures, local);
	try_routes(&near, c->broker->generation, kind, who);
	if (near.found != NULL &&
	    json_quote(c->out, slice_str(near.found)) == -1)
		return call_out_of_memory(c);
	return 0;	/* an empty answer is null */
}

/* ---- which route a topic has ---- */

#define SIGNS	"*+#>"	/* of patterns, elsewhere */

/* Whether the requirement speaks of that sign, and not just of anything. */
static bool
spells(const struct pattern_requirement *r, char sign)
{
	return r != NULL && ((r->wildcard && sign == '*') ||
	    regex_spells(r->regex, sign));
}

static const struct pattern_requirement *
requirement_of(const struct pattern *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n_tokens; i++)
		if (p->tokens[i].name.p != NULL &&
		    slice_eq(p->tokens[i].name, slice_str(name)))
			return p->tokens[i].requirement;
	return NULL;
}

/* Whether each sign of a pattern in the topic is one that the route's author
 * has thought of, as the "*" that stands for all users in Oro. */
static bool
is_spelled(const struct pattern *p, const struct route_attrs *attrs)
{
	const struct route_attr *a;
	size_t i, j;

	for (i = 0; i < attrs->n; i++) {
		a = &attrs->v[i];
		for (j = 0; j < a->value.len; j++)
			if (memchr(SIGNS, a->value.p[j], sizeof(SIGNS) - 1) !=
			    NULL && !spells(requirement_of(p, a->name),
			    a->value.p[j]))
				return false;
	}
	return true;
}

int
admin_match(struct call *c)
{
	const struct generation *g = c->broker->generation;
	const struct handler *h;
	const struct route *route;
	struct route_attrs attrs = { .n = 0 };
	struct slice name;

	if (c->nargs != 1 || c->arg[0].type != JSON_STRING)
		return call_bad_argument(c, "argument: topic");
	if (json_string(&name, &c->arg[0], &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	if (name.len > URI_MAX || (h = generation_route(g, name, &route,
	    &attrs)) == NULL || route == NULL ||
	    !may_use(h, KIND_SUBSCRIBE, c->to.session->principal))
		return 0;
	if (buf_add_str(c->out, "{\"route\":") == -1 ||
	    json_quote(c->out, slice_str(route->name)) == -1 ||
	    buf_add_str(c->out, ",\"channel\":") == -1 ||
	    json_quote(c->out, slice_str(route->channel)) == -1 ||
	    buf_addf(c->out, ",\"spelled\":%s}",
	    is_spelled(routes_pattern(g->routes, route->index), &attrs) ?
	    "true" : "false") == -1)
		return call_out_of_memory(c);
	return 0;
}
