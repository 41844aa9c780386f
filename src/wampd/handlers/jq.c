/*
 * jq.c: handlers that are programs in jq's language.
 *
 * Compiled once at start.  A program sees {session, topic, route, attributes,
 * event | args}.  `subscribe` says yes with any output but null and false;
 * `publish` yields the events that come of one, {event, topic, exclude,
 * eligible}, or true for the event as it came; `call` yields the result.  With
 * {attributes} the first two note something about the session.  A program that
 * fails refuses that one request.
 */
#include "proto/jq.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "route/declare.h"
#include "route/diag.h"
#include "wampd/broker.h"
#include "wampd/describe.h"
#include "wampd/extra.h"
#include "wampd/handler.h"
#include "wampd/procedure.h"
#include "wampd/publish.h"

#define JQ_EVENTS_MAX	1000	/* that come of one */
#define JQ_GROWTH	16	/* times a message's limit: all of them */
#define JQ_SILENCE	1000	/* ms between two warnings */

struct jq_handler {
	struct jq_program *program[DECLARE_ACTIONS];	/* owned, or NULL */
	struct buf session, route, answers, notes, room;	/* scratch */
	size_t	 kept_max;	/* bytes in answers and notes together */
	int64_t	 warned;	/* ms; when a failure was last logged, or 0 */
	unsigned silent;	/* failures since then */
};

static void
jq_handler_free(struct handler *h)
{
	struct jq_handler *j = h->state;
	size_t i;

	for (i = 0; i < DECLARE_ACTIONS; i++)
		jq_program_free(j->program[i]);
	buf_clear(&j->session);
	buf_clear(&j->route);
	buf_clear(&j->answers);
	buf_clear(&j->notes);
	buf_clear(&j->room);
	free(j);
}

/* Compile the program of one right, if it has one. */
static int
jq_compile(struct jq_handler *j, const struct handler_decl *decl,
    enum declare_action action, struct diags *d)
{
	static const char *const names[] = { "subscribe", "publish", "call" };
	const struct declare_right *right = &decl->rights[action];
	struct jq_place at = { 0 };
	char place[64] = "";
	struct errbuf e;

	if (right->program == NULL)
		return 0;
	j->program[action] = jq_program_new(right->program, &at, &e);
	if (j->program[action] != NULL &&
	    jq_program_limit(j->program[action], decl->timeout, &e) == 0)
		return 0;
	if (at.line > 0)
		(void)snprintf(place, sizeof(place), "line %u, column %u of "
		    "the program: ", at.line, at.column);
	diag_add(d, DIAG_ERROR, decl->file, right->line, right->column,
	    "bad-program", "%s of the handler \"%s\": %s%s", names[action],
	    decl->name, place, e.msg);
	return -1;
}

static int
jq_handler_init(struct handler *h, struct diags *d)
{
	struct jq_handler *j;
	int action, rc = 0;

	if ((j = calloc(1, sizeof(*j))) == NULL) {
		handler_report_memory(h, d);
		return -1;
	}
	h->state = j;
	j->kept_max = h->broker->set.limit_message * JQ_GROWTH;
	for (action = 0; action < DECLARE_ACTIONS; action++)
		if (jq_compile(j, h->decl, (enum declare_action)action,
		    d) == -1)
			rc = -1;
	if (rc == -1)
		jq_handler_free(h);
	else
		h->calls = j->program[DECLARE_CALL] != NULL;
	return rc;
}

/* Start a program on what it sees; last is "event" or "args", or NULL. */
static int
jq_begin(struct jq_handler *j, struct jq_program *program,
    const struct session *s, const struct topic *t, const char *last,
    struct slice value, struct errbuf *e)
{
	struct jq_member v[5];

	buf_reset(&j->session);
	buf_reset(&j->route);
	if (describe_session(s, &j->session) == -1 ||
	    describe_route(t, &j->route) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	v[0] = (struct jq_member){ "session", buf_slice(&j->session) };
	v[1] = (struct jq_member){ "topic", t->json };
	v[2] = (struct jq_member){ "route", buf_slice(&j->route) };
	v[3] = (struct jq_member){ "attributes", t->attributes };
	v[4] = (struct jq_member){ last, value };
	return jq_run_start_members(program, v, last != NULL ? 5 : 4, e);
}

/* A line for the log; peers must not fill it. */
static void
jq_warn(struct handler *h, const struct jq_program *program)
{
	int64_t now = h->broker->now;
	struct jq_handler *j = h->state;

	if (j->warned != 0 && now - j->warned < JQ_SILENCE) {
		j->silent++;
		return;
	}
	if (j->silent > 0)
		log_warn("handler=%s %u failures more, not logged", h->name,
		    j->silent);
	log_warn("handler=%s the jq program %s", h->name,
	    jq_run_expired(program) ? "took longer than timeout" : "failed");
	j->warned = now;
	j->silent = 0;
}

/* The program's own words may hold parts of the event: they are for who
 * debugs; the peer and the log get ours. */
static enum verdict
jq_failed(struct handler *h, struct jq_program *program, struct errbuf *e)
{
	jq_warn(h, program);
	jq_run_stop(program);
	if (log_on(LOG_LEVEL_DEBUG))
		log_debug("handler=%s jq: %s", h->name,
		    log_quote(slice_str(e->msg)).s);
	err_set(e, "the handler failed");
	return VERDICT_NO;
}

static bool
is_truthy(enum json_type type)
{
	return type != JSON_NULL && type != JSON_FALSE;
}

/* ---- notes about the session ---- */

/* Keep the output's attributes for later: whether it has any, or -1 with *e
 * filled. */
static int
jq_keep_note(struct jq_handler *j, const struct jq_program *program,
    struct errbuf *e)
{
	struct slice text;
	int rc = jq_output_member(program, "attributes", &j->room, &text);

	if (rc == 1 && text.p[0] != '{') {
		err_set(e, "\"attributes\" is no object");
		return -1;
	}
	if (rc == -1 || (rc == 1 && (buf_add_slice(&j->notes, text) == -1 ||
	    buf_add_char(&j->notes, ',') == -1))) {
		err_set(e, "out of memory");
		return -1;
	}
	return rc;
}

/* Put what was kept over the attributes of s; NULL: of nobody. */
static int
jq_note(struct jq_handler *j, struct session *s, struct errbuf *e)
{
	if (s == NULL || j->notes.len == 0 ||
	    extra_set_attributes(s, buf_slice(&j->notes)) == 0)
		return 0;
	err_set(e, "the session's attributes would be larger than %d bytes",
	    ATTRIBUTES_MAX);
	return -1;
}

/* ---- subscribe ---- */

static enum verdict
jq_subscribe(struct handler *h, struct topic *t, struct session *s,
    struct errbuf *e)
{
	struct jq_handler *j = h->state;
	struct jq_program *program = j->program[DECLARE_SUBSCRIBE];
	enum jq_outcome outcome;
	bool yes;

	if (program == NULL)
		return VERDICT_YES;
	if (jq_begin(j, program, s, t, NULL, slice_of(NULL, 0), e) == -1)
		return jq_failed(h, program, e);
	buf_reset(&j->notes);
	outcome = jq_run_next(program, e);
	yes = outcome == JQ_OUTPUT && is_truthy(jq_output_type(program));
	if (outcome == JQ_ERROR || (yes &&
	    (jq_keep_note(j, program, e) == -1 || jq_note(j, s, e) == -1)))
		return jq_failed(h, program, e);
	jq_run_stop(program);
	if (yes)
		return VERDICT_YES;
	err_set(e, "the handler says no");
	return VERDICT_NO;
}

/* ---- publish ---- */

/* Append the object that describe_deliver() reads, member by member, so that
 * an event the program left as it was keeps its bytes. */
static int
jq_add_object(struct jq_handler *j, const struct jq_program *program,
    bool noted)
{
	static const char *const names[] = { "event", "topic", "exclude",
	    "eligible" };
	const char *before = "{";
	struct slice text;
	size_t i;
	int rc;

	for (i = 0; i < 4; i++) {
		rc = jq_output_member(program, names[i], &j->room, &text);
		if (rc == -1 || (rc == 1 && (buf_addf(&j->answers,
		    "%s\"%s\":", before, names[i]) == -1 ||
		    buf_add_slice(&j->answers, text) == -1)))
			return -1;
		if (rc == 1)
			before = ",";
	}
	if (before[0] == '{')
		return noted ? 0 : buf_add_str(&j->answers, "{},");
	return buf_add_str(&j->answers, "},");
}

/* Keep one output for later.  0, or -1 with *e filled. */
static int
jq_keep(struct jq_handler *j, const struct jq_program *program,
    struct errbuf *e)
{
	int rc;

	switch (jq_output_type(program)) {
	case JSON_NULL:
	case JSON_FALSE:
		return 0;
	case JSON_TRUE:
		rc = buf_add_str(&j->answers, "true,");
		break;
	case JSON_OBJECT:
		if ((rc = jq_keep_note(j, program, e)) == -1)
			return -1;
		rc = jq_add_object(j, program, rc == 1);
		break;
	case JSON_NUMBER:
	case JSON_STRING:
	case JSON_ARRAY:
	default:
		err_set(e, "an output is no object with an event");
		return -1;
	}
	if (rc == -1) {
		err_set(e, "out of memory");
	} else if (j->answers.len + j->notes.len > j->kept_max) {
		err_set(e, "outputs of more than %zu bytes", j->kept_max);
		rc = -1;
	}
	return rc;
}

/* Look at all events before the first is delivered.  0, or -1 with *e
 * filled. */
static int
jq_check(const struct jq_handler *j, const struct publication *p,
    struct errbuf *e)
{
	struct slice rest = buf_slice(&j->answers);
	struct json_elem answer;

	while (json_next(&rest, &answer))
		if (answer.type != JSON_TRUE &&
		    describe_check(p, answer.text, e) == -1)
			return -1;
	return 0;
}

/* Run the whole program before anything is delivered: one that fails behind
 * its first output refuses all of it.  0, or -1 with *e filled. */
static int
jq_decide(struct jq_handler *j, struct jq_program *program,
    const struct publication *p, struct errbuf *e)
{
	enum jq_outcome outcome;
	int i;

	buf_reset(&j->answers);
	buf_reset(&j->notes);
	if (jq_begin(j, program, p->from, p->topic, "event", p->event,
	    e) == -1)
		return -1;
	for (i = 0; (outcome = jq_run_next(program, e)) == JQ_OUTPUT; i++) {
		if (i == JQ_EVENTS_MAX) {
			err_set(e, "more than %d events", JQ_EVENTS_MAX);
			return -1;
		}
		if (jq_keep(j, program, e) == -1)
			return -1;
	}
	jq_run_stop(program);
	if (outcome != JQ_END || jq_check(j, p, e) == -1)
		return -1;
	return jq_note(j, p->from, e);
}

/* Deliver what was decided.  How many got it, or -1 with *e filled. */
static long
jq_deliver(struct jq_handler *j, const struct publication *p,
    struct errbuf *e)
{
	struct slice rest = buf_slice(&j->answers);
	struct publication same;
	struct json_elem answer;
	long n, delivered = 0;

	while (json_next(&rest, &answer)) {
		same = *p;
		n = answer.type == JSON_TRUE ? publish_own(&same) :
		    describe_deliver(p, answer.text, e);
		if (n == -1)
			return -1;
		delivered += n;
	}
	return delivered;
}

static enum verdict
jq_publish(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	struct jq_handler *j = h->state;
	struct jq_program *program = j->program[DECLARE_PUBLISH];

	if (program == NULL) {
		if ((*delivered = publish_broadcast(p)) != -1)
			return VERDICT_YES;
		err_set(e, "out of memory");
		return VERDICT_NO;
	}
	if (jq_decide(j, program, p, e) == -1 ||
	    (*delivered = jq_deliver(j, p, e)) == -1)
		return jq_failed(h, program, e);
	return VERDICT_DONE;
}

static enum verdict
jq_call(struct handler *h, struct call *c)
{
	struct jq_handler *j = h->state;
	struct jq_program *program = j->program[DECLARE_CALL];
	enum jq_outcome outcome = JQ_ERROR;
	struct slice text;

	if (jq_begin(j, program, c->caller, c->topic, "args", c->args_json,
	    &c->reason) == 0)
		outcome = jq_run_next(program, &c->reason);
	if (outcome == JQ_OUTPUT &&
	    (jq_output_text(program, &j->room, &text) == -1 ||
	    buf_add_slice(c->out, text) == -1)) {
		err_set(&c->reason, "out of memory");
		outcome = JQ_ERROR;
	}
	if (outcome == JQ_ERROR)
		return jq_failed(h, program, &c->reason);
	jq_run_stop(program);
	return VERDICT_YES;
}

const struct handler_type handler_jq = {
	.name = "jq",
	.init = jq_handler_init,
	.free = jq_handler_free,
	.subscribe = jq_subscribe,
	.publish = jq_publish,
	.call = jq_call,
};
