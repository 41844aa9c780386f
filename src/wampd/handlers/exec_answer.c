/*
 * exec_answer.c: the lines that a handler's child prints.
 *
 *	{"id":N,"allow":true}			allow; publish the event as is
 *	{"id":N,"allow":false,"reason":"…"}	refuse
 *	{"id":N,"events":[{"event":…},…]}	publish these instead
 *	{"id":N,"result":…}			the result of a call
 *	{"id":N,"error":{"message":"…"}}	refuse; also "uri", "details"
 *	{"publish":{"topic":"…","event":…}}	publish on its own
 *	{"session":"…","attributes":{…}}	set attributes of a session
 *
 * The child is not trusted: a line that is about none of its own requests, or
 * is invalid, is ignored and counted.
 */
#include "wampd/handlers/exec_answer.h"

#include <string.h>

#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/decide.h"
#include "wampd/core/guard.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"
#include "wampd/core/limits.h"
#include "wampd/core/publish.h"
#include "wampd/handlers/exec_child.h"
#include "wampd/handlers/exec_log.h"
#include "wampd/handlers/program_answer.h"

#define EXEC_GARBAGE_MAX 100	/* invalid lines in a row */

enum word { ID, ALLOW, REASON, EVENTS, RESULT, ERROR, PUBLISH, SESSION,
    ATTRIBUTES, WORDS };

/* The members of a line; a missing one has no text. */
struct words {
	struct json_elem v[WORDS];
	size_t		 n;	/* members, with those of other names */
};

static const char *const names[WORDS] = { "\"id\"", "\"allow\"",
    "\"reason\"", "\"events\"", "\"result\"", "\"error\"", "\"publish\"",
    "\"session\"", "\"attributes\"" };

static bool
has(const struct words *w, enum word word)
{
	return w->v[word].text.len > 0;
}

static struct words
read_words(struct slice object)
{
	struct words w = { .n = 0 };
	struct json_elem key, value;
	struct slice rest = json_inside(object);
	size_t i;

	while (json_next_member(&rest, &key, &value)) {
		for (i = 0; i < WORDS; i++)
			if (slice_eq(key.text, slice_str(names[i])))
				break;
		if (i < WORDS)
			w.v[i] = value;
		w.n++;
	}
	return w;
}

/* The string as a C string in room; NULL if it is not a string. */
static const char *
c_string(struct buf *room, const struct json_elem *v)
{
	buf_reset(room);
	if (v->text.len == 0 || v->type != JSON_STRING ||
	    json_unquote(room, v) == -1)
		return NULL;
	return buf_cstr(room);
}

/* ---- valid and invalid lines ---- */

static void
sense(struct exec_child *c)
{
	c->sensible = true;
	c->garbage = 0;
}

/* Ignore a line; a child that prints nothing else is ended. */
static void
garbage(struct exec_child *c, const char *what)
{
	exec_log_warn(c, what);
	if (++c->garbage == EXEC_GARBAGE_MAX)
		c->doomed = "it prints too many invalid lines";
}

/* Refuse a request because its answer is invalid. */
static void
misfit(struct exec_child *c, struct request *r, const char *what)
{
	exec_log_warn(c, what);
	decide_refuse(r, NULL, "the handler failed", slice_of(NULL, 0));
}

/* ---- answers ---- */

static void
answer_error(struct exec_child *c, struct request *r, struct slice error)
{
	struct json_elem message = { .type = JSON_NULL }, uri = message;
	struct json_elem details = message;
	const char *reason, *name;

	(void)json_member(error, "message", &message);
	(void)json_member(error, "uri", &uri);
	(void)json_member(error, "details", &details);
	if (details.type == JSON_NULL)
		details.text.len = 0;
	reason = c_string(&c->exec->text, &message);
	name = c_string(&c->exec->uri, &uri);
	if (reason == NULL || (name == NULL && uri.text.len > 0))
		misfit(c, r, "invalid answer: \"error\" needs a message, "
		    "and its uri must be a string");
	else
		decide_refuse(r, name, reason, details.text);
}

static void
answer_no(struct exec_child *c, struct request *r, const struct words *w)
{
	const char *reason = c_string(&c->exec->text, &w->v[REASON]);

	decide_refuse(r, NULL, reason != NULL ? reason :
	    "the handler says no", slice_of(NULL, 0));
}

/* If the session has unsubscribed in the meantime, the child must know. */
static void
answer_granted(struct exec_child *c, struct request *r)
{
	struct session *s = r->session;
	struct topic *t;

	if (s != NULL && r->cancelled &&
	    (t = topic_obtain(&s->broker->topics, r->uri)) != NULL)
		exec_child_tell_left(c, t, s);
	decide_grant(r);
}

/* Publish the event as it came. */
static void
answer_forward(struct request *r)
{
	struct publication p;
	long delivered = -1;

	if (request_publication(r, &p))
		delivered = publish_own(&p);
	if (delivered == -1)
		decide_refuse(r, NULL, "out of memory", slice_of(NULL, 0));
	else
		decide_delivered(r, delivered);
}

static void
answer_events(struct exec_child *c, struct request *r, struct slice list)
{
	struct slice answers = json_inside(list);
	struct errbuf e;
	long delivered;

	switch (program_answer_look(r, answers, false, &e)) {
	case 0:
		break;
	case PROGRAM_ANSWER_EXCEEDS:
		decide_exceeds(r, &e);
		return;
	case PROGRAM_ANSWER_WRONG:
	default:
		misfit(c, r, e.msg);
		return;
	}
	if ((delivered = program_answer_deliver_all(r, answers, &e)) == -1)
		misfit(c, r, e.msg);
	else
		decide_delivered(r, delivered);
}

static void
answer_request(struct exec_child *c, struct request *r, const struct words *w)
{
	const enum json_type allow = w->v[ALLOW].type;

	if (w->n != (has(w, REASON) ? 3 : 2))
		misfit(c, r, "invalid answer: too many members");
	else if (w->v[ERROR].type == JSON_OBJECT)
		answer_error(c, r, w->v[ERROR].text);
	else if (allow == JSON_FALSE)
		answer_no(c, r, w);
	else if (allow == JSON_TRUE && r->kind == REQUEST_SUBSCRIBE)
		answer_granted(c, r);
	else if (allow == JSON_TRUE && r->kind == REQUEST_PUBLISH)
		answer_forward(r);
	else if (w->v[EVENTS].type == JSON_ARRAY &&
	    r->kind == REQUEST_PUBLISH)
		answer_events(c, r, w->v[EVENTS].text);
	else if (has(w, RESULT) && r->kind == REQUEST_CALL)
		decide_result(r, w->v[RESULT].text);
	else
		misfit(c, r, "invalid answer: it does not fit the request");
}

/* Find the request.  It is usually one of the first, because most children
 * answer in order. */
static struct request *
request_of(const struct exec_child *c, const struct json_elem *number)
{
	struct request *r = NULL;
	int64_t id;

	if (number->type == JSON_NUMBER && json_int(&id, number))
		TAILQ_FOREACH(r, &c->requests, link)
			if (r->id == (uint64_t)id)
				break;
	return r;
}

/* Handle a line that is not valid JSON.  If it begins like an answer, that
 * request is refused at once. */
static void
on_unreadable(struct exec_child *c, struct slice line, bool deep)
{
	static const char head[] = "{\"id\":";
	const char *p = line.p + strlen(head), *end = line.p + line.len;
	struct json_elem id = { .type = JSON_NUMBER };
	struct request *r = NULL;
	struct errbuf e;

	if (slice_starts(line, slice_str(head))) {
		while (p < end && *p == ' ')
			p++;
		id.text = slice_of(p, 0);
		while (p < end && *p >= '0' && *p <= '9')
			p++;
		id.text.len = (size_t)(p - id.text.p);
		r = id.text.len > 0 ? request_of(c, &id) : NULL;
	}
	if (r == NULL) {
		garbage(c, deep ? "invalid line: nested too deeply" :
		    "invalid line: not a JSON object");
		return;
	}
	c->heard_at = c->exec->handler->broker->now;
	exec_child_take(c, r);
	if (!deep) {
		misfit(c, r, "invalid answer: not JSON");
		return;
	}
	sense(c);
	err_set(&e, "an answer is nested too deeply: more than %d levels",
	    JSON_DEPTH_MAX);
	decide_exceeds(r, &e);
}

static void
on_id(struct exec_child *c, const struct words *w)
{
	struct broker *b = c->exec->handler->broker;
	struct request *r = request_of(c, &w->v[ID]);

	if (r != NULL) {
		c->heard_at = b->now;
		sense(c);
		exec_child_take(c, r);
		answer_request(c, r, w);
	} else if (c->overdue > 0) {
		c->heard_at = b->now;
		c->overdue--;
	} else {
		garbage(c, "invalid line: the answer to an unknown request");
	}
}

/* ---- lines that answer nothing ---- */

/* A slow receiver of this publication, or NULL. */
static const struct session *
slow_receiver(struct broker *b, struct slice publication)
{
	struct json_elem name;
	struct slice uri;
	struct slow *k;
	struct topic *t;

	if (TAILQ_EMPTY(&b->pressure.slow) ||
	    !json_member(publication, "topic", &name) ||
	    json_string(&uri, &name, &b->scratch_text) == -1 ||
	    (t = topic_find(&b->topics, uri)) == NULL)
		return NULL;
	TAILQ_FOREACH(k, &b->pressure.slow, link)
		if (prefix_sub_hears(b, t, k->receiver))
			return k->receiver;
	return NULL;
}

/* Warn of a publication that is valid but exceeds a limit. */
static void
warn_publication(struct handler *h, struct slice publication,
    const char *what)
{
	struct json_elem name;
	struct slice uri;

	if (json_member(publication, "topic", &name) &&
	    json_string(&uri, &name, &h->broker->scratch_text) == 0)
		guard_warn(h, uri, what);
}

static void
on_publish(struct exec_child *c, const struct words *w)
{
	struct handler *h = c->exec->handler;
	struct broker *b = h->broker;
	const struct publication own = { .broker = b };
	const struct session *slow;
	struct errbuf e;
	long delivered;

	if (w->n != 1 || w->v[PUBLISH].type != JSON_OBJECT) {
		garbage(c, "invalid line: \"publish\" must be an object "
		    "and the only member");
		return;
	}
	delivered = program_answer_deliver(&own, w->v[PUBLISH].text, &e);
	if (delivered == PROGRAM_ANSWER_WRONG) {
		garbage(c, e.msg);
	} else if (delivered == PROGRAM_ANSWER_EXCEEDS) {
		sense(c);
		warn_publication(h, w->v[PUBLISH].text, e.msg);
	} else {
		sense(c);
		slow = slow_receiver(b, w->v[PUBLISH].text);
		if (slow != NULL)
			exec_child_pause(c, slow);
	}
}

static void
on_session(struct exec_child *c, const struct words *w)
{
	struct broker *b = c->exec->handler->broker;
	const struct json_elem *attributes = &w->v[ATTRIBUTES];
	struct session *s;
	struct slice id;
	struct errbuf e;

	if (w->n != 2 || w->v[SESSION].type != JSON_STRING ||
	    attributes->type != JSON_OBJECT ||
	    json_string(&id, &w->v[SESSION], &c->exec->text) == -1) {
		garbage(c, "invalid line: \"session\" must be an id, and "
		    "\"attributes\" an object");
		return;
	}
	sense(c);
	/* The session may have left in the meantime. */
	if ((s = sessions_find(&b->sessions, id)) == NULL)
		return;
	if (limits_check(b, "an attribute", attributes->text, 0, &e) == -1)
		exec_log_warn(c, e.msg);
	else if (ledger_set_attributes(s, attributes->text) == -1)
		exec_log_warn(c, "the attributes of a session are too large");
}

void
exec_answer(struct exec_child *c, struct slice line)
{
	struct json_elem value;
	struct json_error e;
	struct words w;
	int rc;

	/* It may be nested deeper than a message may be: then the request is
	 * refused for that reason. */
	rc = json_scan_value(line, JSON_DEPTH_MAX, &value, &e);
	if (rc == -1) {
		on_unreadable(c, line, e.deep);
		return;
	}
	if (value.type != JSON_OBJECT) {
		garbage(c, "invalid line: not a JSON object");
		return;
	}
	w = read_words(value.text);
	if (has(&w, ID))
		on_id(c, &w);
	else if (has(&w, PUBLISH))
		on_publish(c, &w);
	else if (has(&w, SESSION))
		on_session(c, &w);
	else
		garbage(c, "invalid line: an object without a known member");
}
