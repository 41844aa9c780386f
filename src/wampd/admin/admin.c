/*
 * admin.c: the procedures wampd.*.
 *
 * To add one, add a function and a row of the table at the end.  Lists and
 * procedures about routes are in files of their own.
 */
#include "wampd/admin/admin.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/version.h"
#include "route/table.h"
#include "wampd/admin/check.h"
#include "wampd/admin/drain.h"
#include "wampd/admin/handlers.h"
#include "wampd/admin/kept.h"
#include "wampd/admin/kept_ask.h"
#include "wampd/admin/kick.h"
#include "wampd/admin/lists.h"
#include "wampd/admin/may.h"
#include "wampd/admin/nearest.h"
#include "wampd/admin/routes.h"
#include "wampd/admin/subscribe.h"
#include "wampd/core/barrier.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/counters.h"
#include "wampd/core/ledger.h"
#include "wampd/core/limits.h"
#include "wampd/core/procedure.h"
#include "wampd/core/publish.h"
#include "wampd/core/retain.h"
#include "wampd/core/saved.h"

/* 0, or -1 with the failure set, if rc is -1: appending has failed. */
static int
written(struct call *c, int rc)
{
	return rc == -1 ? call_out_of_memory(c) : 0;
}

/* ---- looking ---- */

static int
run_echo(struct call *c)
{
	struct slice rest = c->args.text;
	struct json_elem arg;
	const char *comma = "[";

	while (call_next(c, &rest, &arg)) {
		if (buf_add_str(c->out, comma) == -1 ||
		    buf_add_slice(c->out, arg.text) == -1)
			return call_out_of_memory(c);
		comma = ",";
	}
	if (buf_add_str(c->out, c->out->len > 0 ? "]" : "[]") == -1)
		return call_out_of_memory(c);
	/* It is not longer than the call, but the list adds a level. */
	if (limits_check(c->broker, "the list", buf_slice(c->out), 0,
	    &c->failure.reason) == -1)
		return call_bad_argument(c,
		    "the arguments are nested too deeply for a list");
	return 0;
}

static int
run_help(struct call *c)
{
	static const char *const access[] = { "open", "read", "write",
	    "login" };
	const struct procedures *all = &c->broker->procedures;
	const struct procedure *p;
	size_t i;

	for (i = 0; i < all->n; i++) {
		p = all->v[i].procedure;
		if (p->help == NULL || all->v[i].hidden)
			continue;
		if (buf_addf(c->out, "%s{\"procedure\":\"%s\","
		    "\"args\":\"%s\",\"access\":\"%s\",\"help\":\"%s\"}",
		    c->out->len == 0 ? "[" : ",", p->name, p->args,
		    access[p->access], p->help) == -1)
			return call_out_of_memory(c);
	}
	return written(c, buf_add_char(c->out, ']'));
}

static int
run_info(struct call *c)
{
	const struct broker *b = c->broker;

	if (buf_addf(c->out, "{\"version\":\"%s\",\"pid\":%ld,"
	    "\"uptime\":%.3f,\"compat\":\"%s\",\"routes\":%zu,",
	    WAMP_VERSION, (long)getpid(), (double)(b->now - b->started) / 1e3,
	    b->set.compat == WAMP_COMPAT_ORO ? "oro" : "spec",
	    generation_count_routes(b->generation)) == -1 ||
	    counters_print(c->out, b, GAUGE) == -1 ||
	    drain_describe(b, c->out) == -1 ||
	    taps_info(&b->taps, c->out) == -1)
		return call_out_of_memory(c);
	return written(c, buf_add_char(c->out, '}'));
}

static int
run_stats(struct call *c)
{
	return written(c, buf_add_char(c->out, '{') == -1 ||
	    counters_print(c->out, c->broker, COUNTER) == -1 ? -1 :
	    buf_add_char(c->out, '}'));
}

/* ---- publishing ---- */

/* Retained events use up limits.retained and stay until wampd.forget, so only
 * peers that administer the broker may retain.  0 or -1. */
static int
permit_retain(struct call *c)
{
	if (principal_in(c->to.session->principal, WHO_LOCAL))
		return 0;
	c->failure.kind = FAILURE_FORBIDDEN;
	err_set(&c->failure.reason, "only local peers may retain events");
	return -1;
}

/* Read the options of wampd.publish: {"exclude":[…],"eligible":[…],
 * "exclude_me":bool,"retain":bool or seconds}.  0 or -1. */
static int
read_options(struct call *c, struct slice options, struct publication *p)
{
	struct json_elem key, value;
	struct slice rest = json_inside(options);

	while (json_next_member(&rest, &key, &value)) {
		if (slice_eq(key.text, SLICE("\"exclude\"")) &&
		    value.type == JSON_ARRAY) {
			audience_exclude(&p->to, json_inside(value.text));
		} else if (slice_eq(key.text, SLICE("\"eligible\"")) &&
		    value.type == JSON_ARRAY) {
			/* An empty list means the same as in a PUBLISH. */
			p->to.eligible = json_inside(value.text);
			p->to.flags &= ~AUDIENCE_ELIGIBLE;
			if (p->to.eligible.len > 0 ||
			    c->broker->set.compat == WAMP_COMPAT_SPEC)
				p->to.flags |= AUDIENCE_ELIGIBLE;
		} else if (slice_eq(key.text, SLICE("\"exclude_me\"")) &&
		    json_is_bool(&value)) {
			if (value.type == JSON_TRUE &&
			    !(p->to.flags & AUDIENCE_EXCLUDE))
				p->to.flags |= AUDIENCE_EXCLUDE_ME;
		} else if (slice_eq(key.text, SLICE("\"retain\"")) &&
		    kept_ask_retain(&value, &p->retain, &p->retain_for)) {
			if (p->retain && permit_retain(c) == -1)
				return -1;
		} else {
			return call_bad_argument(c, "the options are "
			    "exclude (list), eligible (list), exclude_me "
			    "(boolean) and retain (boolean, or seconds)");
		}
	}
	return 0;
}

static int
publish_result(void *ctx, long delivered, struct buf *out)
{
	(void)ctx;
	return buf_addf(out, "{\"delivered\":%ld}", delivered);
}

static int
run_publish(struct call *c)
{
	struct publication p = { .broker = c->broker, .from = c->to.session };
	enum verdict verdict;
	struct slice topic;
	long delivered;

	if (c->nargs < 2 || c->nargs > 3 || c->arg[0].type != JSON_STRING)
		return call_bad_argument(c,
		    "arguments: topic, event[, options]");
	if (c->nargs == 3 && c->arg[2].type != JSON_OBJECT)
		return call_bad_argument(c, "the options must be an object");
	if (c->nargs == 3 && read_options(c, c->arg[2].text, &p) == -1)
		return -1;
	if (json_string(&topic, &c->arg[0], &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	if (topic.len > c->broker->set.limit_topic_length)
		return call_bad_argument(c, "the topic is too long");
	if ((p.topic = topic_obtain(&c->broker->topics, topic)) == NULL)
		return call_out_of_memory(c);
	p.event = c->arg[1].text;
	p.newline = c->args.newline;
	p.call_id = c->to.id;
	p.result.write = publish_result;
	verdict = publish(&p, &delivered, &c->failure);
	if (verdict != VERDICT_LATER)
		saved_published(&c->to, &p.result, verdict, delivered,
		    &c->failure);
	return 1;
}

/* A PUBLISH cannot say that its event must be retained, so the session says it
 * for all that follow.  Streams of PUBLISH keep their speed that way. */
static int
run_retain(struct call *c)
{
	struct ledger *x = ledger_obtain(c->to.session);

	if (x == NULL)
		return call_out_of_memory(c);
	return c->nargs == 1 && kept_ask_retain(&c->arg[0], &x->retain,
	    &x->retain_for) ? 0 : call_bad_argument(c,
	    "argument: true, false, or a number of seconds");
}

/* PUBLISH has no reply in WAMP v1.  A barrier answers for all since the last
 * one. */
static int
run_barrier(struct call *c)
{
	if (barrier_call(&c->to) == -1)
		return call_out_of_memory(c);
	return 1;
}

/* ---- acting ---- */

/* Nothing else drops a retained event, so this one makes room in
 * limits.retained. */
static int
run_forget(struct call *c)
{
	struct broker *b = c->broker;
	const struct tap_claim *claim;
	struct slice name;
	struct topic *t;

	if (c->nargs != 1 || c->arg[0].type != JSON_STRING)
		return call_bad_argument(c, "argument: topic");
	if (json_string(&name, &c->arg[0], &b->scratch_text) == -1)
		return call_out_of_memory(c);
	if ((claim = taps_claim(&b->taps, name)) != NULL) {
		c->failure.kind = FAILURE_BAD_ARGUMENT;
		err_set(&c->failure.reason, "that event is %s; use %s to "
		    "change it", claim->what, claim->changed_by);
		return -1;
	}
	if ((t = topic_find(&b->topics, name)) == NULL || t->retained == NULL)
		return written(c, buf_add_str(c->out, "{\"forgotten\":0}"));
	retain_drop(&b->topics, t, KEEP_CLEARED);
	saved_kept(b, c->to.session);
	saved_result(&c->to, SLICE("{\"forgotten\":1}"));
	return 1;
}

static const struct procedure rows[] = {
	{ "wampd.barrier", "", PROCEDURE_OPEN,
	  "results of PUBLISH and SUBSCRIBE since the last one",
	  run_barrier },
	{ "wampd.check", "", PROCEDURE_READ,
	  "how the broker is, for monitoring", admin_check },
	{ "wampd.drain", "options", PROCEDURE_WRITE,
	  "end all sessions over a time, then the broker", admin_drain },
	{ "wampd.echo", "value...", PROCEDURE_OPEN,
	  "the arguments as a list", run_echo },
	{ "wampd.forget", "topic", PROCEDURE_WRITE,
	  "drop the retained event of a topic",
	  run_forget },
	{ "wampd.generate", "route, parameters", PROCEDURE_READ,
	  "the topic of a route with these parameters", admin_generate },
	{ "wampd.handlers", "", PROCEDURE_READ,
	  "all handlers, with their events, calls and processes",
	  admin_handlers },
	{ "wampd.help", "", PROCEDURE_OPEN, "these procedures", run_help },
	{ "wampd.history", "topic, options", PROCEDURE_OPEN,
	  "events of a topic's history, if you may subscribe to it",
	  admin_history },
	{ "wampd.history.clear", "topic, options", PROCEDURE_WRITE,
	  "drop the history of a topic, or of those with a prefix",
	  admin_history_clear },
	{ "wampd.info", "", PROCEDURE_READ,
	  "version, uptime, numbers of sessions, topics and so on", run_info },
	{ "wampd.kick", "session", PROCEDURE_WRITE,
	  "close a session, or those of a user, a role or an address",
	  admin_kick },
	{ "wampd.mark", "on", PROCEDURE_OPEN,
	  "whether to mark retained and old events for this session",
	  admin_mark },
	{ "wampd.match", "topic", PROCEDURE_OPEN,
	  "the route of a topic, if you may subscribe to it",
	  admin_match },
	{ "wampd.may", "who, action, uri", PROCEDURE_READ,
	  "whether somebody may subscribe, publish or call, and why",
	  admin_may },
	{ "wampd.nearest", "kind, name", PROCEDURE_OPEN,
	  "the name that was probably meant",
	  admin_nearest },
	{ "wampd.publish", "topic, event, options", PROCEDURE_OPEN,
	  "publish one event; how many sessions got it",
	  run_publish },
	{ "wampd.replay", "topic, options", PROCEDURE_OPEN,
	  "subscribe to a topic, and get events of its history first",
	  admin_replay },
	{ "wampd.retain", "on", PROCEDURE_WRITE,
	  "whether to retain what this session publishes",
	  run_retain },
	{ "wampd.retained", "options", PROCEDURE_READ,
	  "the retained events, or some", admin_retained },
	{ "wampd.retained.clear", "topic, options", PROCEDURE_WRITE,
	  "drop the retained event of a topic, or those with a prefix",
	  admin_retained_clear },
	{ "wampd.routes", "", PROCEDURE_READ, "all routes in their order",
	  admin_routes },
	{ "wampd.sessions", "options", PROCEDURE_READ,
	  "all sessions, with what they are subscribed to, or some",
	  admin_sessions },
	{ "wampd.stats", "", PROCEDURE_READ, "the counters since the start",
	  run_stats },
	{ "wampd.subscribe", "prefix, options", PROCEDURE_READ,
	  "subscribe to all topics that begin with a prefix", admin_subscribe },
	{ "wampd.topics", "options", PROCEDURE_READ,
	  "all topics in use, with their subscribers, or some",
	  admin_topics },
	{ .name = NULL }
};

/* ---- joining the broker ---- */

static int64_t
admin_tick(void *ctx)
{
	int64_t wait = admin_listing_continue(ctx);

	wait = clock_sooner(wait, admin_page_continue(ctx));
	wait = clock_sooner(wait, admin_clear_continue(ctx));
	return clock_sooner(wait, admin_kick_continue(ctx));
}

static const struct tap_ops admin_tap = {
	.name = "admin",
	.tick = admin_tick,
	.free = free,
};

int
admin_add(struct broker *b)
{
	struct admin *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return -1;
	a->broker = b;
	TAILQ_INIT(&a->listings);
	TAILQ_INIT(&a->pages);
	TAILQ_INIT(&a->kicks);
	TAILQ_INIT(&a->clears);
	if ((a->tap = tap_add(&b->taps, &admin_tap, a)) == NULL) {
		free(a);
		return -1;
	}
	return procedures_add(&b->procedures, rows, a);
}
