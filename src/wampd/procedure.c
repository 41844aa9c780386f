/*
 * procedure.c: a CALL on its way to a procedure and back.
 */
#include "wampd/procedure.h"

#include "proto/wamp1.h"
#include "wampd/broker.h"

#define RESULT_KEEP	65536	/* bytes of a result's memory kept */

int
procedure_bad_argument(struct call *c, const char *what)
{
	c->error = "wampd.error.invalid_argument";
	err_set(&c->reason, "%s", what);
	return -1;
}

int
procedure_out_of_memory(struct call *c)
{
	c->error = "wampd.error.internal";
	err_set(&c->reason, "out of memory");
	return -1;
}

static const struct procedure *
procedure_find(struct slice uri)
{
	const struct procedure *p;

	if (!slice_starts(uri, SLICE("wampd.")))
		return NULL;
	for (p = procedures; p->name != NULL; p++)
		if (slice_eq(slice_str(p->name), uri))
			return p;
	return NULL;
}

/* [4, id, uri, desc] or, with details, [4, id, uri, desc, details]. */
static void
reply_error(struct session *s, struct slice id_json, struct slice uri,
    struct slice desc, struct slice details_json)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf text = { 0 };
	size_t uri_len;

	if (json_quote(&text, uri) == -1)
		goto nomem;
	uri_len = text.len;
	if (json_quote(&text, desc) == -1)
		goto nomem;
	session_send_parts(s, parts, wamp1_callerror(parts, id_json,
	    slice_of(text.data, uri_len),
	    slice_of(text.data + uri_len, text.len - uri_len), details_json),
	    true);
	buf_clear(&text);
	return;
nomem:
	buf_clear(&text);
	session_doom(s, 0, "out of memory");
}

/* "No RPC endpoint registered for <uri>.", as the specification's author's
 * server says it and as Gos and BabDev do. */
static void
reply_unknown(struct session *s, struct slice id_json, struct slice uri)
{
	struct buf desc = { 0 }, details = { 0 };

	if (buf_add_str(&desc, "No RPC endpoint registered for ") == -1 ||
	    buf_add_slice(&desc, uri) == -1 ||
	    buf_add_char(&desc, '.') == -1 ||
	    buf_add_str(&details, "{\"code\":404,\"uri\":") == -1 ||
	    json_quote(&details, uri) == -1 ||
	    buf_add_char(&details, '}') == -1)
		session_doom(s, 0, "out of memory");
	else if (s->broker->rules.compat == WAMP_COMPAT_SPEC)
		reply_error(s, id_json,
		    SLICE("http://api.wamp.ws/error#NoSuchRPCEndpoint"),
		    buf_slice(&desc), slice_of(NULL, 0));
	else
		reply_error(s, id_json, uri, buf_slice(&desc),
		    buf_slice(&details));
	buf_clear(&desc);
	buf_clear(&details);
}

static void
reply_result(struct session *s, struct slice id_json, const struct call *c)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct slice result = c->out->len > 0 ? buf_slice(c->out) :
	    SLICE("null");

	session_send_parts(s, parts,
	    wamp1_callresult(parts, id_json, result), c->newline);
}

bool
call_next(const struct call *c, struct slice *rest, struct json_elem *arg)
{
	struct json_elem name;

	return c->named ? json_next_member(rest, &name, arg) :
	    json_next(rest, arg);
}

static void
call_read_args(struct call *c, const struct wamp_msg *m)
{
	struct slice rest = m->args;

	c->args = m->args;
	c->named = m->args_named;
	c->newline = m->args_newline;
	while (c->nargs < PROCEDURE_ARGS_MAX &&
	    call_next(c, &rest, &c->arg[c->nargs]))
		c->nargs++;
}

void
procedure_call(struct session *s, const struct wamp_msg *m, struct slice uri)
{
	struct broker *b = s->broker;
	struct call c = { .broker = b, .caller = s, .out = &b->scratch_out };
	const struct procedure *p;

	if ((p = procedure_find(uri)) == NULL) {
		reply_unknown(s, m->id.text, uri);
		return;
	}
	if (p->access != PROCEDURE_OPEN &&
	    !principal_in(s->principal, WHO_LOCAL)) {
		reply_error(s, m->id.text,
		    SLICE("wampd.error.not_permitted"),
		    SLICE("only local peers may call this"),
		    slice_of(NULL, 0));
		return;
	}
	buf_reset(c.out);
	call_read_args(&c, m);
	if (p->run(&c) == 0)
		reply_result(s, m->id.text, &c);
	else
		reply_error(s, m->id.text, slice_str(c.error),
		    slice_str(c.reason.msg), slice_of(NULL, 0));
	if (c.out->cap > RESULT_KEEP)
		buf_clear(c.out);
}
