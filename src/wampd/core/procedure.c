/*
 * procedure.c: a CALL on its way to a procedure and back.
 */
#include "wampd/core/procedure.h"

#include <stdlib.h>
#include <string.h>

#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/extra.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"
#include "wampd/core/request.h"

#define RESULT_KEEP	65536	/* bytes of a result's memory kept */
#define RESULT_BESIDE	7	/* bytes of [3,,[]] */
#define BARRIERS_MAX	65536	/* bytes of the ids of barriers that wait */

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

/* ---- the tables ---- */

static int
compare_entries(const void *a, const void *b)
{
	const struct procedure_entry *x = a, *y = b;

	return strcmp(x->procedure->name, y->procedure->name);
}

int
procedures_add(struct procedures *all, const struct procedure *rows,
    void *ctx)
{
	struct procedure_entry *grown;
	size_t i, n;

	for (n = 0; rows[n].name != NULL; n++)
		;
	grown = realloc(all->v, (all->n + n) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	all->v = grown;
	for (i = 0; i < n; i++)
		all->v[all->n++] = (struct procedure_entry){ &rows[i], ctx };
	qsort(all->v, all->n, sizeof(*all->v), compare_entries);
	return 0;
}

const struct procedure_entry *
procedures_find(const struct procedures *all, struct slice uri)
{
	size_t i;

	if (!slice_starts(uri, SLICE("wampd.")))
		return NULL;
	for (i = 0; i < all->n; i++)
		if (slice_eq(slice_str(all->v[i].procedure->name), uri))
			return &all->v[i];
	return NULL;
}

void
procedures_clear(struct procedures *all)
{
	free(all->v);
	*all = (struct procedures){ 0 };
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
reply_result(struct session *s, struct slice id_json, struct slice result,
    bool newline)
{
	struct slice parts[WAMP1_PARTS_MAX];

	session_send_parts(s, parts,
	    wamp1_callresult(parts, id_json, result), newline);
}

/* ---- handlers' answers ---- */

/* What PHP would take for no result. */
static bool
is_nothing(struct slice result)
{
	return slice_eq(result, SLICE("null")) ||
	    slice_eq(result, SLICE("false"));
}

void
procedure_result(struct session *s, struct slice id_json, struct slice uri,
    struct slice result)
{
	struct buf list = { 0 };

	if (s->broker->rules.compat == WAMP_COMPAT_SPEC ||
	    result.p[0] == '[' || result.p[0] == '{') {
		reply_result(s, id_json, result, true);
	} else if (is_nothing(result)) {
		procedure_failed(s, id_json, uri, NULL, "RPC Error",
		    slice_of(NULL, 0));
	} else if (buf_add_char(&list, '[') == -1 ||
	    buf_add_slice(&list, result) == -1 ||
	    buf_add_char(&list, ']') == -1) {
		session_doom(s, 0, "out of memory");
	} else {
		reply_result(s, id_json, buf_slice(&list), true);
	}
	buf_clear(&list);
}

void
procedure_failed(struct session *s, struct slice id_json, struct slice uri,
    const char *error, const char *reason, struct slice details)
{
	bool oro = s->broker->rules.compat == WAMP_COMPAT_ORO;

	if (details.len == 0 && oro)
		details = SLICE("{\"code\":500}");
	if (error != NULL)
		uri = slice_str(error);
	else if (!oro)
		uri = SLICE("http://api.wamp.ws/error#generic");
	reply_error(s, id_json, uri, slice_str(reason), details);
}

void
procedure_answer(struct session *s, struct slice id_json,
    struct slice result)
{
	reply_result(s, id_json, result, false);
}

void
procedure_done(struct session *s, struct slice id_json)
{
	procedure_answer(s, id_json, SLICE("null"));
}

void
procedure_published(struct session *s, struct slice id_json,
    const struct publish_result *result, enum publish_outcome outcome,
    long delivered, const struct errbuf *e)
{
	struct buf out = { 0 };

	if (outcome != PUBLISH_OK)
		reply_error(s, id_json,
		    slice_str(publish_error_uri(outcome)), slice_str(e->msg),
		    slice_of(NULL, 0));
	else if (result->write(result->ctx, delivered, &out) == -1)
		session_doom(s, 0, "out of memory");
	else
		reply_result(s, id_json, buf_slice(&out), false);
	buf_clear(&out);
}

/* ---- the barrier ---- */

/* Calls may take their time; what was published or subscribed may not be
 * undecided any more. */
static bool
is_undecided(const struct session *s)
{
	const struct request *r;

	if (s->extra == NULL)
		return false;
	TAILQ_FOREACH(r, &s->extra->requests, session_link)
		if (r->kind != REQUEST_CALL)
			return true;
	return false;
}

static int
answer_barrier(struct session *s, struct slice id_json)
{
	static const struct tally none;
	struct buf out = { 0 };
	int rc;

	rc = tally_describe(s->extra != NULL ? &s->extra->tally : &none,
	    s->retained, &out);
	if (rc == 0)
		reply_result(s, id_json, buf_slice(&out), false);
	if (rc == 0)
		s->retained = 0;
	if (rc == 0 && s->extra != NULL)
		tally_reset(&s->extra->tally);
	buf_clear(&out);
	return rc;
}

int
procedure_barrier(struct session *s, struct slice id_json)
{
	struct buf *waiting;

	if (!is_undecided(s))
		return answer_barrier(s, id_json);
	waiting = &s->extra->barriers;
	if (waiting->len + id_json.len >= BARRIERS_MAX ||
	    buf_reserve(waiting, id_json.len + 1) == -1 ||
	    buf_add_slice(waiting, id_json) == -1 ||
	    buf_add_char(waiting, '\n') == -1)
		return -1;
	return 1;
}

void
procedure_release_barriers(struct session *s)
{
	struct buf ids;
	const char *at, *nl, *end;

	if (s->extra == NULL || s->extra->barriers.len == 0 ||
	    is_undecided(s) || s->state != SESSION_OPEN)
		return;
	ids = s->extra->barriers;
	s->extra->barriers = (struct buf){ 0 };
	end = ids.data + ids.len;
	for (at = ids.data; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (answer_barrier(s, slice_of(at, (size_t)(nl - at))) == -1)
			session_doom(s, 0, "out of memory");
	}
	buf_clear(&ids);
}

/* ---- the call ---- */

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

	c->id = m->id.text;
	c->args = m->args;
	c->named = m->args_named;
	c->newline = m->args_newline;
	while (c->nargs < PROCEDURE_ARGS_MAX &&
	    call_next(c, &rest, &c->arg[c->nargs]))
		c->nargs++;
}

/* One of the broker's own. */
static void
call_own(struct call *c, const struct procedure_entry *entry)
{
	const struct procedure *p = entry->procedure;
	struct session *s = c->caller;

	if (p->access != PROCEDURE_OPEN &&
	    !principal_in(s->principal, WHO_LOCAL)) {
		reply_error(s, c->id, SLICE("wampd.error.not_permitted"),
		    SLICE("only local peers may call this"),
		    slice_of(NULL, 0));
		return;
	}
	c->ctx = entry->ctx;
	switch (p->run(c)) {
	case 0:
		reply_result(s, c->id, c->out->len > 0 ? buf_slice(c->out) :
		    SLICE("null"), c->newline);
		break;
	case -1:
		reply_error(s, c->id, slice_str(c->error),
		    slice_str(c->reason.msg), slice_of(NULL, 0));
		break;
	default:
		break;
	}
}

/* What a handler has answered at once. */
static void
call_answered(struct call *c, struct handler *h)
{
	struct slice result = c->out->len > 0 ? buf_slice(c->out) :
	    SLICE("null");

	if (limits_check(c->broker, "a result", result, c->id.len +
	    RESULT_BESIDE, &c->reason) == 0) {
		procedure_result(c->caller, c->id, c->topic->name, result);
		return;
	}
	handler_exceeds(h, c->topic->name, &c->reason);
	procedure_failed(c->caller, c->id, c->topic->name, NULL,
	    c->reason.msg, slice_of(NULL, 0));
}

/* A handler's: its procedure is routed as topics are. */
static void
call_handler(struct call *c, struct handler *h)
{
	struct session *s = c->caller;

	if (!acl_allows(&h->call, s->principal)) {
		procedure_failed(s, c->id, c->topic->name,
		    "wampd.error.not_permitted", "you may not call this",
		    SLICE("{\"code\":401}"));
		return;
	}
	handler_log(h, s, "call", c->topic->name, c->args_json.len);
	handler_stir(h);
	switch (h->type->call(h, c)) {
	case VERDICT_YES:
	case VERDICT_DONE:
		call_answered(c, h);
		break;
	case VERDICT_NO:
		procedure_failed(s, c->id, c->topic->name, c->error,
		    c->reason.msg, c->details);
		break;
	case VERDICT_LATER:
	default:
		break;
	}
}

/* Route the call; the arguments become one text for the handler. */
static void
call_route(struct call *c, struct slice uri)
{
	struct session *s = c->caller;
	struct buf args = { 0 };

	if ((c->topic = topic_obtain(c->broker, uri)) == NULL ||
	    buf_add_char(&args, c->named ? '{' : '[') == -1 ||
	    buf_add_slice(&args, c->args) == -1 ||
	    buf_add_char(&args, c->named ? '}' : ']') == -1) {
		session_doom(s, 0, "out of memory");
	} else if (c->topic->handler == NULL || !c->topic->handler->calls) {
		reply_unknown(s, c->id, uri);
	} else {
		c->args_json = buf_slice(&args);
		call_handler(c, c->topic->handler);
	}
	buf_clear(&args);
}

void
procedure_call(struct session *s, const struct wamp_msg *m, struct slice uri)
{
	struct broker *b = s->broker;
	struct call c = { .broker = b, .caller = s, .out = &b->scratch_out };
	const struct procedure_entry *p = procedures_find(&b->procedures, uri);

	buf_reset(c.out);
	call_read_args(&c, m);
	if (p != NULL)
		call_own(&c, p);
	else
		call_route(&c, uri);
	if (c.out->cap > RESULT_KEEP)
		buf_clear(c.out);
}
