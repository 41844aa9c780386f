/*
 * jq_outcome.c: what jq programs yield, and its effects.
 *
 * Outputs are checked like messages of a peer, because libjq has made them from
 * what a peer sent.
 */
#include "wampd/handlers/jq_outcome.h"

#include <string.h>

#include "base/log.h"
#include "proto/jq_exact.h"
#include "proto/json.h"
#include "proto/json_merge.h"
#include "wampd/core/broker.h"
#include "wampd/core/decide.h"
#include "wampd/core/guard.h"
#include "wampd/core/ledger.h"
#include "wampd/core/publish.h"
#include "wampd/core/request.h"
#include "wampd/handlers/program_answer.h"

/* ---- what programs yield ---- */

static bool
is_truthy(enum json_type type)
{
	return type != JSON_NULL && type != JSON_FALSE;
}

/* Whether a text that libjq has written is valid JSON.  If not, *why is
 * filled. */
static bool
is_sound(struct slice text, struct errbuf *why)
{
	struct json_elem value;
	struct json_error je;

	if (json_scan_value(text, JSON_DEPTH_MAX, &value, &je) == 0)
		return true;
	err_set(why, "invalid output: %s", je.what);
	return false;
}

/* Keep a member of an output; `before` is the text in front of it. */
static int
keep_part(struct jq_result *result, enum jq_name name, struct slice text,
    const char *before)
{
	if (name != JQ_ATTRIBUTES)
		return buf_addf(&result->answers, "%s\"%s\":", before,
		    jq_names[name]) == -1 ||
		    buf_add_slice(&result->answers, text) == -1 ? -1 : 0;
	if (text.p[0] != '{') {
		err_set(&result->why, "\"attributes\" must be an object");
		return 0;
	}
	return buf_add_slice(&result->notes, text) == -1 ||
	    buf_add_char(&result->notes, ',') == -1 ? -1 : 0;
}

/* Append an answer for program_answer_deliver(), and the notes. */
static int
keep_parts(const struct jq_job *job, struct jq_result *result,
    struct slice parts)
{
	struct slice text, last = job->request->event;
	size_t noted = result->notes.len;
	const char *before = "{";
	enum jq_name name;

	while (jq_answer_part(&parts, &name, last, &text)) {
		if (text.p != last.p && !is_sound(text, &result->why))
			return 0;
		if (keep_part(result, name, text, before) == -1)
			return -1;
		if (name != JQ_ATTRIBUTES)
			before = ",";
	}
	if (before[0] == ',')
		return buf_add_str(&result->answers, "},");
	return result->notes.len > noted ? 0 :
	    buf_add_str(&result->answers, "{},");
}

static int
keep_event(const struct jq_job *job, struct jq_result *result,
    const struct jq_answer *a)
{
	switch (a->type) {
	case JSON_NULL:
	case JSON_FALSE:
		return 0;
	case JSON_TRUE:
		return buf_add_str(&result->answers, "true,");
	case JSON_OBJECT:
		return keep_parts(job, result, a->parts);
	case JSON_NUMBER:
	case JSON_STRING:
	case JSON_ARRAY:
	default:
		err_set(&result->why,
		    "an output must be an object with an event");
		return 0;
	}
}

/* The output of `subscribe` may have notes. */
static int
keep_yes(const struct jq_job *job, struct jq_result *result,
    const struct jq_answer *a)
{
	result->yes = is_truthy(a->type);
	return a->type == JSON_OBJECT ? keep_parts(job, result, a->parts) : 0;
}

static int
keep_result(const struct jq_job *job, struct jq_result *result,
    const struct jq_answer *a)
{
	struct slice parts = a->parts, text;
	enum jq_name name;

	if (!jq_answer_part(&parts, &name, job->request->args, &text) ||
	    !is_sound(text, &result->why))
		return 0;
	return buf_add_slice(&result->answers, text);
}

void
jq_outcome_value(const struct jq_job *job, struct jq_result *result,
    const struct jq_answer *a)
{
	const struct broker *b = job->request->handler->broker;
	int rc;

	if (result->why.msg[0] != '\0')
		return;
	if (job->request->kind == REQUEST_PUBLISH)
		rc = keep_event(job, result, a);
	else if (job->request->kind == REQUEST_SUBSCRIBE)
		rc = keep_yes(job, result, a);
	else
		rc = keep_result(job, result, a);
	if (rc == -1)
		err_set(&result->why, "out of memory");
	else if (++result->values > JQ_EVENTS_MAX ||
	    result->answers.len + result->notes.len >
	    b->set.limit_message * (JQ_GROWTH + 1))
		err_set(&result->why, "too many or too large outputs");
}

/* ---- its effects ---- */

/* Merge the notes into the attributes of the session. */
static int
note(const struct jq_job *job, struct jq_result *result, struct errbuf *e)
{
	struct slice notes = buf_slice(&result->notes);
	struct session *s = job->request->session;
	struct jq_lane *l = job->lane;
	int rc = 0;

	if (notes.len == 0)
		return 0;
	l->notes = true;
	if (s != NULL && (rc = ledger_set_attributes(s, notes)) == 0)
		l->version = s->ledger->version;
	else if (s == NULL && l->who.len > 0)
		rc = json_merge(&l->attributes, notes, ATTRIBUTES_MAX);
	if (rc == -1)
		err_set(e, "the session's attributes would be larger than %d "
		    "bytes", ATTRIBUTES_MAX);
	return rc;
}

/* The job is refused, but the jobs behind it may have seen its notes. */
static void
unnoted(const struct jq_job *job, const struct jq_result *result)
{
	if (result->notes.len > 0)
		job->lane->broken = true;
}

/* The message of the program may hold parts of the event, so it is logged only
 * at level debug.  The peer and the log get a message of ours. */
static void
failed(struct request *r, const struct errbuf *e)
{
	struct handler *h = r->handler;
	bool lost = strncmp(e->msg, JQ_EXACT_LOST,
	    strlen(JQ_EXACT_LOST)) == 0;

	guard_warn(h, r->uri, lost ? "the jq program would lose digits of "
	    "a number" : "the jq program failed");
	if (log_on(LOG_LEVEL_DEBUG))
		log_debug("handler=%s jq: %s", h->name,
		    log_quote(slice_str(e->msg)).s);
	decide_refuse(r, NULL, lost ? "the handler would lose digits of a "
	    "number" : "the handler failed", slice_of(NULL, 0));
}

static void
done_publish(const struct jq_job *job, struct jq_result *result)
{
	struct slice answers = buf_slice(&result->answers);
	struct request *r = job->request;
	struct errbuf e = result->why;
	long delivered;
	int rc = 0;

	if (e.msg[0] == '\0')
		rc = program_answer_look(r, answers, true, &e);
	if (rc == PROGRAM_ANSWER_EXCEEDS) {
		unnoted(job, result);
		decide_exceeds(r, &e);
	} else if (e.msg[0] != '\0' || note(job, result, &e) == -1) {
		unnoted(job, result);
		failed(r, &e);
	} else {
		delivered = program_answer_deliver_all(r, answers, &e);
		if (delivered == -1)
			failed(r, &e);
		else
			decide_delivered(r, delivered);
	}
}

static void
done_subscribe(const struct jq_job *job, struct jq_result *result)
{
	struct request *r = job->request;
	struct errbuf e = result->why;

	if (e.msg[0] != '\0' ||
	    (result->yes && note(job, result, &e) == -1))
		failed(r, &e);
	else if (result->yes)
		decide_grant(r);
	else
		decide_refuse(r, NULL, "the handler says no",
		    slice_of(NULL, 0));
}

static void
done_call(const struct jq_job *job, struct jq_result *result)
{
	struct slice answer = buf_slice(&result->answers);
	struct request *r = job->request;

	if (result->why.msg[0] != '\0')
		failed(r, &result->why);
	else
		decide_result(r, answer.len > 0 ? answer : SLICE("null"));
}

void
jq_outcome_done(struct jq_job *job, struct jq_result *result,
    const char *failure)
{
	if (failure != NULL)
		err_set(&result->why, "%s",
		    failure[0] != '\0' ? failure : "it failed");
	if (job->request->kind == REQUEST_PUBLISH)
		done_publish(job, result);
	else if (job->request->kind == REQUEST_SUBSCRIBE)
		done_subscribe(job, result);
	else
		done_call(job, result);
}

void
jq_outcome_lost(struct jq_job *job, const char *how, long pid)
{
	struct request *r = job->request;
	struct errbuf e;

	if (how == NULL) {
		decide_refuse(r, NULL, "the broker stops",
		    slice_of(NULL, 0));
		return;
	}
	err_set(&e, "pid=%ld the jq program %s", pid, how);
	guard_warn(r->handler, r->uri, e.msg);
	err_set(&e, "the handler's program %s", how);
	decide_refuse(r, NULL, e.msg, slice_of(NULL, 0));
}
