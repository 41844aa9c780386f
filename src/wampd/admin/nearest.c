/*
 * nearest.c: the procedure that helps with mistyped names.
 *
 * Clients call it after a refusal, so that refusals themselves cost no search.
 * The caller is told only names that it may use.  Sessions that are not local
 * may call it, too.  Their searches are bounded in size and number, so that all
 * of them together take little processor time.
 */
#include "wampd/admin/nearest.h"

#include "base/nearest.h"
#include "proto/json.h"
#include "route/table.h"
#include "wampd/admin/admin.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/handler.h"
#include "wampd/core/procedure.h"

#define STRANGER_WORK	1000000	/* pairs of letters; takes a few milliseconds */
#define STRANGER_BURST	20	/* searches of all strangers in a row */
#define STRANGER_EACH	200	/* ms until another one is allowed */

/* Whether sessions that are not local may have another search now. */
static bool
stranger_take(struct admin *a)
{
	int64_t now = a->broker->now;
	int64_t begin = now - STRANGER_BURST * STRANGER_EACH;

	/* A token bucket: for each STRANGER_EACH ms since nearest_at, there is
	 * one token. */
	if (a->nearest_at < begin)
		a->nearest_at = begin;
	if (a->nearest_at + STRANGER_EACH > now)
		return false;
	a->nearest_at += STRANGER_EACH;
	return true;
}

static bool
may_use(const struct handler *h, enum declare_action kind,
    const struct principal *who)
{
	return acl_allows(&h->rights[kind], who) && (kind != DECLARE_CALL ||
	    h->calls);
}

static void
try_procedures(struct nearest *near, const struct procedures *all,
    bool local)
{
	const struct procedure *p;
	size_t i;

	for (i = 0; i < all->n; i++) {
		p = all->v[i].procedure;
		if (p->help != NULL && !all->v[i].hidden && (local ||
		    p->access == PROCEDURE_OPEN ||
		    p->access == PROCEDURE_LOGIN))
			nearest_try(near, p->name);
	}
}

static void
try_routes(struct nearest *near, const struct generation *g,
    enum declare_action kind, const struct principal *who)
{
	size_t i, n = generation_count_routes(g);

	for (i = 0; i < n && near->work > 0; i++)
		if (g->by_route[i] != NULL &&
		    may_use(g->by_route[i], kind, who))
			nearest_try_channel(near,
			    routes_at(g->routes, i)->channel);
}

static int
read_kind(enum declare_action *kind, const struct json_elem *arg)
{
	if (slice_eq(arg->text, SLICE("\"call\"")))
		*kind = DECLARE_CALL;
	else if (slice_eq(arg->text, SLICE("\"publish\"")))
		*kind = DECLARE_PUBLISH;
	else if (slice_eq(arg->text, SLICE("\"subscribe\"")))
		*kind = DECLARE_SUBSCRIBE;
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
	enum declare_action kind;

	if (c->nargs != 2 || read_kind(&kind, &c->arg[0]) == -1 ||
	    c->arg[1].type != JSON_STRING)
		return call_bad_argument(c, "arguments: call, publish or "
		    "subscribe, name");
	if (json_string(&name, &c->arg[1], &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	nearest_init(&near, name.p, name.len);
	if (!local)
		near.work = stranger_take(c->ctx) ? STRANGER_WORK : 0;
	if (kind == DECLARE_CALL)
		try_procedures(&near, &c->broker->procedures, local);
	try_routes(&near, c->broker->generation, kind, who);
	if (near.found != NULL &&
	    json_quote(c->out, slice_str(near.found)) == -1)
		return call_out_of_memory(c);
	return 0;	/* an empty answer is null */
}
