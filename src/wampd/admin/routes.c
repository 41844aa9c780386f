/*
 * routes.c: the broker's procedures about routes.
 */
#include "wampd/admin/routes.h"

#include "base/arena.h"
#include "route/generate.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/procedure.h"

/* ---- generating ---- */

/* A string's characters, or a number as it is written, with a NUL behind it.
 * 0, or -1 when out of memory. */
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

/* {"topic":"...","doubt":"..."}: what wamp-routes -g prints and says. */
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
