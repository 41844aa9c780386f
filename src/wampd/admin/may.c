/*
 * may.c: the procedure that explains who may do what.
 *
 * It asks the same functions that decide about real requests, and then looks
 * for the grant of the declaration that decided.
 */
#include "wampd/admin/may.h"

#include "proto/json.h"
#include "route/table.h"
#include "wampd/admin/may_who.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/guard.h"
#include "wampd/core/permissions.h"

/* What was found. */
struct explained {
	enum verdict	verdict;	/* YES, NO or LATER: a program
					 * decides */
	struct errbuf	reason;
	const struct topic *topic;	/* NULL: a procedure of our own */
	struct buf	rule;		/* owned: the word that allows, or all
					 * words; len 0: none was asked */
	const char     *file;		/* where the rule stands, or NULL */
	struct declare_place at;
};

/* ---- the rule ---- */

static int
add_word(struct buf *out, const char *word, const char *name)
{
	return buf_addf(out, "%s%s%s", out->len > 0 ? ", " : "", word,
	    name != NULL ? name : "");
}

/* The words of a list that is not declared. */
static int
list_sets(struct buf *out, const struct acl *a)
{
	unsigned set;
	int i;

	for (i = DECLARE_ANYONE; i < DECLARE_NOBODY; i++) {
		set = acl_set_of((enum declare_who)i);
		if ((a->who & set) != 0 && add_word(out,
		    declare_who_word((enum declare_who)i), NULL) == -1)
			return -1;
	}
	return out->len > 0 ? 0 : buf_add_str(out,
	    declare_who_word(DECLARE_NOBODY));
}

/* Whether this grant allows p.  -1 when out of memory. */
static int
grant_applies(struct broker *b, const struct declare_grant *g,
    const struct principal *p)
{
	const struct declare_right one = { .grants = g, .n_grants = 1 };
	struct acl a;
	int rc;

	if (acl_init(&a, &b->names, &one) == -1)
		return -1;
	rc = acl_allows(&a, p);
	acl_clear(&a);
	return rc;
}

/* Find the first grant that allows p, or list all.  0, or -1 when out of
 * memory. */
static int
find_rule(struct explained *x, const struct handler *h,
    enum declare_action action, const struct principal *p)
{
	const struct declare_right *right;
	const struct declare_grant *g;
	size_t i;
	int rc;

	if (h->decl == NULL)
		return list_sets(&x->rule, &h->rights[action]);
	right = &h->decl->rights[action];
	x->file = h->decl->file;
	x->at = right->at;
	for (i = 0; i < right->n_grants; i++) {
		g = &right->grants[i];
		if ((rc = grant_applies(h->broker, g, p)) == -1)
			return -1;
		if (rc == 0)
			continue;
		if (right->at.line > 0)
			x->at = g->at;
		buf_reset(&x->rule);
		rc = add_word(&x->rule, declare_who_word(g->who), g->name);
		break;
	}
	if (i == right->n_grants) {
		rc = right->n_grants > 0 ? 0 : buf_add_str(&x->rule,
		    declare_who_word(DECLARE_NOBODY));
		for (i = 0; i < right->n_grants && rc == 0; i++)
			rc = add_word(&x->rule, declare_who_word(
			    right->grants[i].who), right->grants[i].name);
	}
	/* A list that is left out has no place, but its handler has. */
	if (x->at.line == 0)
		x->at = (struct declare_place){ h->decl->line,
		    h->decl->column };
	return rc;
}

/* ---- deciding ---- */

static const char *const actions[DECLARE_ACTIONS] = {
	[DECLARE_SUBSCRIBE] = "subscribe",
	[DECLARE_PUBLISH] = "publish",
	[DECLARE_CALL] = "call",
};

/* The type of the handler decides after the list. */
static void
ask_type(struct explained *x, struct handler *h, enum declare_action action,
    const struct principal *p)
{
	const struct declare_right *right = h->decl != NULL ?
	    &h->decl->rights[action] : NULL;

	x->verdict = VERDICT_YES;
	if (h->type->may != NULL)
		x->verdict = h->type->may(h, action, x->topic, p, &x->reason);
	if (x->verdict == VERDICT_LATER) {
		err_set(&x->reason, "the %s program of the handler decides",
		    h->type->name);
		if (right != NULL && right->program != NULL)
			x->at = (struct declare_place){ right->line,
			    right->column };
	} else if (x->verdict == VERDICT_YES) {
		err_set(&x->reason, "%s may %s here", p->name,
		    actions[action]);
	}
}

/* 0, or -1 when out of memory. */
static int
decide(struct explained *x, struct handler *h, enum declare_action action,
    const struct principal *p)
{
	struct slice uri = x->topic->name;

	x->verdict = VERDICT_NO;
	if (h == NULL) {
		err_set(&x->reason, "no route matches");
		return 0;
	}
	if (handler_is_closed(h)) {
		ask_type(x, h, action, p);
		return 0;
	}
	if (find_rule(x, h, action, p) == -1)
		return -1;
	if (action == DECLARE_CALL && !h->calls)
		err_set(&x->reason, "the handler answers no calls");
	else if (!acl_allows(&h->rights[action], p))
		err_set(&x->reason, "no word of the list applies to %s",
		    p->name);
	else if (!guard_permits(h, action, p, uri))
		err_set(&x->reason, "the list allows it, but the permissions "
		    "of the key do not");
	else
		ask_type(x, h, action, p);
	return 0;
}

static int
decide_own(struct explained *x, const struct procedure *own,
    const struct principal *p)
{
	static const char *const rules[] = {
		[PROCEDURE_OPEN] = "anyone", [PROCEDURE_READ] = "local",
		[PROCEDURE_WRITE] = "local",
		[PROCEDURE_LOGIN] = "anyone, before login, too",
	};

	x->verdict = VERDICT_YES;
	if (procedure_check(own->access, p, &x->reason) == -1)
		x->verdict = VERDICT_NO;
	else
		err_set(&x->reason, "%s may call this", p->name);
	return buf_add_str(&x->rule, rules[own->access]);
}

/* ---- the answer ---- */

/* Append ,"KEY": and the text as a JSON string, or null. */
static int
add_text(struct buf *out, const char *key, const char *text)
{
	if (buf_addf(out, ",\"%s\":", key) == -1)
		return -1;
	return text != NULL ? json_quote(out, slice_str(text)) :
	    buf_add_str(out, "null");
}

static int
add_route(struct buf *out, const struct topic *t)
{
	const struct route *r = t != NULL ? t->route : NULL;

	return add_text(out, "route", r != NULL ? r->name : NULL) == -1 ||
	    add_text(out, "channel", r != NULL ? r->channel : NULL) == -1 ||
	    add_text(out, "handler", r != NULL ? r->handler : NULL) == -1 ||
	    add_text(out, "type", t != NULL && t->handler != NULL ?
	    t->handler->type->name : NULL) == -1 ? -1 : 0;
}

static int
write_answer(struct buf *out, const struct explained *x)
{
	if (buf_addf(out, "{\"allowed\":%s", x->verdict == VERDICT_LATER ?
	    "null" : x->verdict == VERDICT_NO ? "false" : "true") == -1 ||
	    add_text(out, "reason", x->reason.msg) == -1 ||
	    add_text(out, "rule", x->rule.len > 0 ? x->rule.data : NULL) ==
	    -1 || add_text(out, "file", x->file) == -1)
		return -1;
	if ((x->at.line > 0 ? buf_addf(out, ",\"line\":%u,\"column\":%u",
	    x->at.line, x->at.column) : buf_add_str(out,
	    ",\"line\":null,\"column\":null")) == -1 ||
	    add_route(out, x->topic) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* ---- the procedure ---- */

static int
explain(struct call *c, const struct principal *p,
    enum declare_action action, struct slice uri)
{
	const struct procedure_entry *own = action == DECLARE_CALL ?
	    procedures_find(&c->broker->procedures, uri) : NULL;
	struct explained x = { .verdict = VERDICT_NO };
	int rc = -1;

	if (own != NULL)
		rc = decide_own(&x, own->procedure, p);
	else if ((x.topic = topic_obtain(&c->broker->topics, uri)) != NULL)
		rc = decide(&x, x.topic->handler, action, p);
	if (rc == 0 && x.rule.len > 0 && buf_cstr(&x.rule) == NULL)
		rc = -1;
	if (rc == 0)
		rc = write_answer(c->out, &x);
	buf_clear(&x.rule);
	return rc == 0 ? 0 : call_out_of_memory(c);
}

static int
read_action(struct call *c, enum declare_action *action)
{
	struct slice word = json_inside(c->arg[1].text);
	int i;

	for (i = 0; i < DECLARE_ACTIONS; i++)
		if (slice_eq(word, slice_str(actions[i]))) {
			*action = (enum declare_action)i;
			return 0;
		}
	return call_bad_argument(c,
	    "the action is subscribe, publish or call");
}

int
admin_may(struct call *c)
{
	const struct principal *p;
	enum declare_action action = DECLARE_SUBSCRIBE;
	struct buf uri = { 0 };
	int rc;

	if (c->nargs != 3 || c->arg[0].type != JSON_OBJECT ||
	    c->arg[1].type != JSON_STRING || c->arg[2].type != JSON_STRING)
		return call_bad_argument(c, "arguments: who (an object), "
		    "subscribe, publish or call, and a topic or procedure");
	if (read_action(c, &action) == -1 ||
	    (p = admin_may_who(c, c->arg[0].text)) == NULL)
		return -1;
	if (json_unquote(&uri, &c->arg[2]) == -1)
		rc = call_out_of_memory(c);
	else if (uri.len > c->broker->set.limit_topic_length)
		rc = call_bad_argument(c, "the topic is too long");
	else
		rc = explain(c, p, action, buf_slice(&uri));
	buf_clear(&uri);
	principal_unref(p);
	return rc;
}
