/*
 * routes.c: the procedures about routes.
 */
#include "wampd/admin/routes.h"

#include <string.h>

#include "base/arena.h"
#include "proto/json.h"
#include "route/generate.h"
#include "route/pattern.h"
#include "route/regex_scan.h"
#include "route/table.h"
#include "wampd/admin/listing.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/guard.h"
#include "wampd/core/handler.h"
#include "wampd/core/procedure.h"

/* ---- listing ---- */

static const void *
route_first(const struct generation *g)
{
	return generation_count_routes(g) > 0 ? routes_at(g->routes, 0) : NULL;
}

static const void *
route_next(const struct generation *g, const void *item)
{
	size_t i = ((const struct route *)item)->index + 1;

	return i < routes_count(g->routes) ? routes_at(g->routes, i) : NULL;
}

static int
route_describe(struct broker *b, const void *item, struct buf *out)
{
	const struct route *r = item;

	(void)b;
	if (buf_add_str(out, "{\"route\":") == -1 ||
	    json_quote(out, slice_str(r->name)) == -1 ||
	    buf_add_str(out, ",\"channel\":") == -1 ||
	    json_quote(out, slice_str(r->channel)) == -1 ||
	    buf_add_str(out, ",\"handler\":") == -1 ||
	    json_quote(out, slice_str(r->handler)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
admin_routes(struct call *c)
{
	static const struct listing_kind kind = {
		route_first, route_next, route_describe
	};

	return admin_listing_call(c, &kind);
}

/* ---- matching ---- */

#define SIGNS	"*+#>"	/* of patterns in other systems */

/* Whether the requirement names that sign; "any text" does not. */
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

/* Whether the route's author expected each sign of a pattern in the topic, such
 * as the "*" that stands for all users in Oro. */
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
	if (name.len > c->broker->set.limit_topic_length ||
	    (h = generation_route(g, name, &route, &attrs)) == NULL ||
	    route == NULL || !guard_permits(h, DECLARE_SUBSCRIBE,
	    c->to.session->principal, name))
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

/* ---- generating ---- */

/* Copy the characters of a string, or a number as it is written, and a NUL.  0,
 * or -1 when out of memory. */
static int
keep_text(struct call *c, const struct json_elem *value, struct slice *text,
    struct arena *mem)
{
	*text = value->text;
	if (value->type == JSON_STRING &&
	    json_string(text, value, &c->broker->scratch_text) == -1)
		return -1;
	text->p = arena_copy(mem, *text);
	return text->p != NULL ? 0 : -1;
}

static int
read_params(struct call *c, struct slice object, struct route_params *params,
    struct arena *mem)
{
	struct json_elem key, value;
	struct slice rest = json_inside(object);
	struct route_param param;
	struct errbuf e;

	while (json_next_member(&rest, &key, &value)) {
		if (value.type != JSON_STRING && value.type != JSON_NUMBER)
			return call_bad_argument(c,
			    "parameters must be strings or numbers");
		if (keep_text(c, &key, &param.name, mem) == -1 ||
		    keep_text(c, &value, &param.value, mem) == -1)
			return call_out_of_memory(c);
		if (route_params_add(params, &param, &e) == -1)
			return call_bad_argument(c, e.msg);
	}
	return 0;
}

/* Append {"topic":"...","doubt":"..."}, which is what wamp-routes -g prints. */
static int
describe_generated(const struct routes *r, const char *name,
    const struct route_params *params, struct slice topic, struct buf *out)
{
	struct errbuf doubt;
	int rc;

	if (buf_add_str(out, "{\"topic\":") == -1 ||
	    json_quote(out, topic) == -1 ||
	    buf_add_str(out, ",\"doubt\":") == -1)
		return -1;
	rc = routes_generate_doubt(r, name, params, topic, &doubt) ?
	    json_quote(out, slice_str(doubt.msg)) : buf_add_str(out, "null");
	return rc == 0 ? buf_add_char(out, '}') : -1;
}

static int
generate(struct call *c, struct route_params *params, struct buf *topic,
    struct arena *mem)
{
	const struct routes *r = c->broker->generation->routes;
	struct slice name;
	struct errbuf e;

	if (keep_text(c, &c->arg[0], &name, mem) == -1)
		return call_out_of_memory(c);
	if (c->nargs == 2 && read_params(c, c->arg[1].text, params, mem) == -1)
		return -1;
	if (routes_generate(topic, r, name.p, params, &e) == -1)
		return call_bad_argument(c, e.msg);
	if (describe_generated(r, name.p, params, buf_slice(topic),
	    c->out) == -1)
		return call_out_of_memory(c);
	return 0;
}

int
admin_generate(struct call *c)
{
	struct route_params params = { .n = 0 };
	struct arena mem = { 0 };
	struct buf topic = { 0 };
	int rc;

	if (c->nargs < 1 || c->nargs > 2 || c->arg[0].type != JSON_STRING ||
	    (c->nargs == 2 && c->arg[1].type != JSON_OBJECT))
		return call_bad_argument(c,
		    "arguments: route[, object of parameters]");
	if (c->broker->generation->routes == NULL)
		return call_bad_argument(c,
		    "the broker runs without routes");
	rc = generate(c, &params, &topic, &mem);
	buf_clear(&topic);
	arena_clear(&mem);
	return rc;
}
