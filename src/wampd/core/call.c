/*
 * call.c: a call, from the request to its answer.
 */
#include "wampd/core/call.h"

#include "wampd/core/broker.h"
#include "wampd/core/guard.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"
#include "wampd/core/refuse.h"

#define RESULT_KEEP	65536	/* bytes: a larger scratch_out is freed */
#define RESULT_BESIDE	7	/* bytes of [3,,[]] */

bool
call_options(const struct call *c, struct slice *members)
{
	*members = c->args.text;
	if (c->args.named || c->nargs == 0)
		return true;
	if (c->nargs > 1 || c->arg[0].type != JSON_OBJECT)
		return false;
	*members = json_inside(c->arg[0].text);
	return true;
}

int
call_bad_argument(struct call *c, const char *what)
{
	c->failure.kind = FAILURE_BAD_ARGUMENT;
	err_set(&c->failure.reason, "%s", what);
	return -1;
}

int
call_out_of_memory(struct call *c)
{
	c->failure.kind = FAILURE_INTERNAL;
	err_set(&c->failure.reason, "out of memory");
	return -1;
}

bool
call_next(const struct call *c, struct slice *rest, struct json_elem *arg)
{
	struct json_elem name;

	return c->args.named ? json_next_member(rest, &name, arg) :
	    json_next(rest, arg);
}

static struct slice
result_of(const struct call *c)
{
	return c->out->len > 0 ? buf_slice(c->out) : SLICE("null");
}

/* Run one of the broker's own procedures. */
static void
call_own(struct call *c, const struct procedure_entry *entry)
{
	const struct procedure *p = entry->procedure;
	int rc = -1;

	if (procedure_check(p->access, c->to.session->principal,
	    &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_FORBIDDEN;
		refuse_caller(c, slice_str(p->name));
		rc = 1;
	} else {
		c->ctx = entry->ctx;
		rc = p->run(c);
	}
	if (rc == 0)
		reply_result(&c->to, result_of(c), c->args.newline);
	else if (rc == -1)
		reply_failure(&c->to, &c->failure);
}

/* Send the result that a handler has given at once. */
static void
call_answered(struct call *c, struct handler *h)
{
	if (limits_check(c->broker, "a result", result_of(c), c->to.id.len +
	    RESULT_BESIDE, &c->failure.reason) == 0) {
		reply_result(&c->to, result_of(c), true);
		return;
	}
	guard_exceeds(h, c->topic->name, &c->failure.reason);
	reply_failure(&c->to, &c->failure);
}

/* Let the handler of c->topic answer. */
static void
call_handler(struct call *c, struct handler *h)
{
	struct session *s = c->to.session;

	c->failure.kind = FAILURE_HANDLER;
	if (!guard_permits(h, DECLARE_CALL, s->principal, c->topic->name)) {
		c->failure.kind = FAILURE_FORBIDDEN;
		err_set(&c->failure.reason, "you may not call this");
		refuse_caller(c, c->topic->name);
		return;
	}
	guard_log(h, s, "call", c->topic->name, c->args_json.len);
	handler_stir(h);
	h->counts.calls++;
	switch (h->type->call(h, c)) {
	case VERDICT_YES:
	case VERDICT_DONE:
		call_answered(c, h);
		break;
	case VERDICT_NO:
		if (c->failure.kind == FAILURE_FORBIDDEN)
			refuse_caller(c, c->topic->name);
		else
			reply_failure(&c->to, &c->failure);
		break;
	case VERDICT_LATER:
	default:
		break;
	}
}

/* Find the handler of the URI, as for a topic, and call it.  It gets the
 * arguments as one text. */
static void
call_route(struct call *c, struct slice uri)
{
	struct buf args = { 0 };

	if ((c->topic = topic_obtain(&c->broker->topics, uri)) == NULL ||
	    buf_add_char(&args, c->args.named ? '{' : '[') == -1 ||
	    buf_add_slice(&args, c->args.text) == -1 ||
	    buf_add_char(&args, c->args.named ? '}' : ']') == -1) {
		session_doom(c->to.session, 0, "out of memory");
	} else if (c->topic->handler == NULL || !c->topic->handler->calls) {
		c->to.uri = c->topic->name;
		c->failure.kind = FAILURE_NO_PROCEDURE;
		reply_failure(&c->to, &c->failure);
	} else {
		c->to.uri = c->topic->name;
		c->to.from_handler = true;
		c->args_json = buf_slice(&args);
		call_handler(c, c->topic->handler);
	}
	buf_clear(&args);
}

void
call(const struct reply_to *to, struct slice uri, const struct call_args *args)
{
	struct broker *b = to->session->broker;
	struct call c;
	const struct procedure_entry *own;
	struct slice rest = args->text;

	/* Only what is needed: the structure has large buffers. */
	c.broker = b;
	c.to = *to;
	c.args = *args;
	c.out = &b->scratch_out;
	failure_begin(&c.failure, FAILURE_INTERNAL);
	buf_reset(c.out);
	for (c.nargs = 0; c.nargs < CALL_ARGS_MAX &&
	    call_next(&c, &rest, &c.arg[c.nargs]); c.nargs++)
		;
	if ((own = procedures_find(&b->procedures, uri)) != NULL)
		call_own(&c, own);
	else
		call_route(&c, uri);
	if (c.out->cap > RESULT_KEEP)
		buf_clear(c.out);
}
