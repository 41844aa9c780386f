/*
 * reload.c: reading the configuration again while the broker runs.
 *
 * reload_read.c reads it in a thread; this file uses it, and answers.
 */
#include "wampd/reload.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "proto/json.h"
#include "route/table.h"
#include "wampd/assemble.h"
#include "wampd/config/config.h"
#include "wampd/config/door.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/owed.h"
#include "wampd/core/loop.h"
#include "wampd/notify.h"
#include "wampd/process/children.h"
#include "wampd/reload_config.h"
#include "wampd/reload_read.h"
#include "wampd/reload_report.h"

#define ERROR_URI	"wampd.error.reload_failed"

/* A session that waits for the answer. */
struct caller {
	TAILQ_ENTRY(caller) link;	/* job->callers */
	struct job     *job;
	struct owed	owed;
};

struct job {
	STAILQ_ENTRY(job) link;		/* reload->jobs */
	struct reload  *reload;
	TAILQ_HEAD(, caller) callers;
	bool		dry;		/* only say what would change */
	struct generation *before;	/* a reference; NULL: not begun */
	struct reload_reading reading;
};

struct reload {
	struct reload_of of;
	STAILQ_HEAD(, job) jobs;	/* the first one is worked on */
	bool		closed;
};

static void job_begin(struct job *j);

/* ---- callers ---- */

static void
caller_free(struct caller *c)
{
	TAILQ_REMOVE(&c->job->callers, c, link);
	owed_end(&c->owed);
	free(c);
}

static void
on_forget(struct owed *o)
{
	caller_free(OWED_IN(o, struct caller, owed));
}

/* Add the caller to the job.  0, or -1 when out of memory. */
static int
caller_add(struct job *j, const struct call *call)
{
	struct caller *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -1;
	c->owed.forget = on_forget;
	if (owed_begin(&c->owed, &call->to, true) == -1) {
		free(c);
		return -1;
	}
	c->job = j;
	TAILQ_INSERT_TAIL(&j->callers, c, link);
	return 0;
}

/* Give all callers the result, or the failure if it is not NULL. */
static void
answer_all(struct job *j, struct slice result, const struct failure *f)
{
	struct caller *c;

	while ((c = TAILQ_FIRST(&j->callers)) != NULL) {
		if (f != NULL)
			owed_failure(&c->owed, f);
		else
			owed_result(&c->owed, result);
		caller_free(c);
	}
}

/* ---- the outcome ---- */

/* Tell those who watch. */
static void
tell_watchers(const struct job *j, bool ok)
{
	const struct broker *b = j->reload->of.broker;
	const struct reload_reading *r = &j->reading;

	watch_tell_life(&b->watch, WATCH_RELOAD, "\"ok\":%s,\"generation\":%"
	    PRIu64 ",\"keys\":%zu,\"restart\":%zu,\"errors\":%zu",
	    ok ? "true" : "false", b->generation->number,
	    ok ? r->n_keys : 0, ok ? r->n_restart : 0, r->diags.errors);
}

/* The configuration stays as it is, for the reason in e or, if there are any,
 * the errors in the files. */
static void
job_failed(struct job *j, const struct errbuf *e)
{
	struct diags *d = &j->reading.diags;
	struct buf text = { 0 }, details = { 0 };
	struct failure f;

	failure_begin(&f, FAILURE_HANDLER);
	f.uri = ERROR_URI;
	f.reason = *e;
	if (d->errors > 0 && reload_report_error(&text, d) == 0 &&
	    buf_cstr(&text) != NULL)
		f.message = text.data;
	if (reload_report_diags(&details, d) == 0)
		f.details = buf_slice(&details);
	assemble_log_diags(d);
	log_err("reload failed%s: %s; generation=%" PRIu64 " stays in force",
	    j->dry ? " (dry run)" : "", d->errors > 0 ? "see above" : e->msg,
	    j->reload->of.broker->generation->number);
	if (!j->dry)
		tell_watchers(j, false);
	answer_all(j, slice_of(NULL, 0), &f);
	buf_clear(&text);
	buf_clear(&details);
}

static void
job_answer(struct job *j)
{
	struct buf out = { 0 };
	struct failure f;

	failure_begin(&f, FAILURE_INTERNAL);
	err_set(&f.reason, "out of memory");
	if (reload_report(&out, &j->reading,
	    j->reload->of.broker->generation, j->dry) == 0)
		answer_all(j, buf_slice(&out), NULL);
	else
		answer_all(j, slice_of(NULL, 0), &f);
	buf_clear(&out);
}

/* ---- taking effect ---- */

/* Make a generation of what was read.  NULL with *e filled. */
static struct generation *
job_generation(struct job *j, struct errbuf *e)
{
	struct reload_reading *r = &j->reading;
	const struct generation_parts parts = {
		.routes = r->routes, .declared = r->declared,
		.source = config_hold(r->cfg), .source_free = config_release,
		.diags = &r->diags,
	};
	struct generation *g;

	r->routes = NULL;
	r->declared = NULL;
	g = generation_new(j->reload->of.broker, &r->cfg->broker, &parts,
	    e);
	if (g == NULL || r->diags.errors == 0 || !r->cfg->strict)
		return g;
	err_set(e, "--strict: there are closed routes");
	generation_release(g);
	return NULL;
}

/* Nothing here can fail. */
static void
job_commit(struct job *j, struct generation *g)
{
	const struct config *cfg = j->reading.cfg, *old = j->reading.running;
	const struct reload_of *of = &j->reload->of;
	const char *warning = config_door_warning(cfg);

	broker_renew(of->broker, g);
	reload_commit_parts(&j->reading, of->server);
	children_set_max_message(of->children, cfg->broker.limit_message);
	if (cfg->log_rate != old->log_rate ||
	    cfg->log_burst != old->log_burst)
		log_set_limits(cfg->log_rate, cfg->log_burst);
	/* wampd.log may have changed it meanwhile. */
	if (cfg->log_level != old->log_level ||
	    cfg->log_format != old->log_format)
		log_init("wampd", (enum log_level)cfg->log_level,
		    (enum log_format)cfg->log_format);
	if (warning != NULL)
		log_warn("%s", warning);
}

/* What was read has no error of its own. */
static void
job_apply(struct job *j)
{
	struct broker *b = j->reload->of.broker;
	struct generation *g;
	struct errbuf e;

	if ((g = job_generation(j, &e)) == NULL) {
		job_failed(j, &e);
	} else if (j->dry) {
		generation_release(g);
		job_answer(j);
	} else {
		job_commit(j, g);
		assemble_log_diags(&j->reading.diags);
		reload_log_done(&j->reading, g->number);
		tell_watchers(j, true);
		job_answer(j);
	}
	/* No handler runs now.  Those that are not used must not tick. */
	if (b->unheld > 0)
		generations_reap(b);
}

static void
job_finish(struct job *j)
{
	const struct reload_reading *r = &j->reading;
	struct errbuf e = { "" };

	if (j->reload->closed)
		err_set(&e, "the broker stops");
	else if (r->diags.errors > 0)
		err_set(&e, "the files have errors");
	else if (r->cfg == NULL || r->failed)
		err_set(&e, "out of memory");
	if (e.msg[0] == '\0')
		job_apply(j);
	else
		job_failed(j, &e);
}

/* ---- life of a job ---- */

static void
job_free(struct job *j)
{
	struct caller *c, *next;

	for (c = TAILQ_FIRST(&j->callers); c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		caller_free(c);
	}
	reload_reading_clear(&j->reading);
	generation_release(j->before);
	free(j);
}

static void
job_end(struct job *j)
{
	struct reload *r = j->reload;

	if (!j->dry)
		notify_send("READY=1");
	STAILQ_REMOVE_HEAD(&r->jobs, link);
	job_free(j);
	if (!STAILQ_EMPTY(&r->jobs) && !r->closed)
		job_begin(STAILQ_FIRST(&r->jobs));
}

static void
on_run(void *arg)
{
	reload_read(&((struct job *)arg)->reading);
}

static void
on_check(void *arg)
{
	struct job *j = arg;

	reload_check(&j->reading, j->reload->of.broker);
}

static void
on_checked(void *arg, int64_t now)
{
	struct job *j = arg;
	struct broker *b = j->reload->of.broker;

	broker_set_now(b, now);
	if (!j->reload->closed)
		reload_check_report(&j->reading, b);
	job_finish(j);
	reload_check_end(&j->reading, b);
	job_end(j);
}

/* It is read.  Some handlers have more to check. */
static void
on_done(void *arg, int64_t now)
{
	struct job *j = arg;
	struct reload_reading *r = &j->reading;
	struct broker *b = j->reload->of.broker;

	broker_set_now(b, now);
	if (!j->reload->closed && r->diags.errors == 0 && !r->failed &&
	    reload_check_begin(r, b)) {
		if (b->loop->work(b->loop_ctx, on_check, on_checked, j) == 0)
			return;
		reload_check_end(r, b);
	}
	job_finish(j);
	job_end(j);
}

static void
job_begin(struct job *j)
{
	const struct reload_of *of = &j->reload->of;
	struct broker *b = of->broker;
	struct errbuf e;

	j->before = b->generation;
	generation_hold(j->before);
	j->reading.from = of->from;
	j->reading.server = of->server;
	j->reading.before = j->before;
	j->reading.running = j->before->source;
	if (!j->dry)
		notify_reloading();
	if (b->loop->work(b->loop_ctx, on_run, on_done, j) == 0)
		return;
	err_set(&e, "out of memory");
	job_failed(j, &e);
	job_end(j);
}

/* The job for one more request: one that has not begun, or a new one.  NULL
 * when out of memory. */
static struct job *
job_obtain(struct reload *r, bool dry)
{
	struct job *j;

	STAILQ_FOREACH(j, &r->jobs, link)
		if (j->before == NULL && j->dry == dry)
			return j;
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return NULL;
	j->reload = r;
	j->dry = dry;
	TAILQ_INIT(&j->callers);
	STAILQ_INSERT_TAIL(&r->jobs, j, link);
	return j;
}

/* Begin to work, if nothing is being worked on. */
static void
reload_stir(struct reload *r)
{
	struct job *j = STAILQ_FIRST(&r->jobs);

	if (j != NULL && j->before == NULL)
		job_begin(j);
}

/* ---- requests ---- */

void
reload_by_signal(struct reload *r, int signo)
{
	if (r == NULL || r->closed)
		return;
	log_info("signal=%d reloading", signo);
	if (job_obtain(r, false) == NULL)
		log_err("reload failed: out of memory");
	else
		reload_stir(r);
}

/* Read {"dry_run": true}. */
static int
read_options(struct call *c, bool *dry)
{
	struct json_elem key, value;
	struct slice rest;

	*dry = false;
	if (!call_options(c, &rest))
		return call_bad_argument(c,
		    "argument: an object with dry_run, or none");
	while (json_next_member(&rest, &key, &value)) {
		if (!slice_eq(key.text, SLICE("\"dry_run\"")) ||
		    !json_is_bool(&value))
			return call_bad_argument(c,
			    "the only member is dry_run (boolean)");
		*dry = value.type == JSON_TRUE;
	}
	return 0;
}

static int
run_reload(struct call *c)
{
	struct reload *r = c->ctx;
	struct job *j;
	bool dry;

	if (read_options(c, &dry) == -1)
		return -1;
	if ((j = job_obtain(r, dry)) == NULL)
		return call_out_of_memory(c);
	if (caller_add(j, c) == -1) {
		reload_stir(r);
		return call_out_of_memory(c);
	}
	if (!dry)
		log_info("session=%s reloading by=%s", c->to.session->id,
		    log_quote(slice_str(c->to.session->principal->name)).s);
	reload_stir(r);
	return 1;
}

static const struct procedure rows[] = {
	{ "wampd.config", "", PROCEDURE_READ,
	  "the configuration in force, and since when", reload_config },
	{ "wampd.reload", "options", PROCEDURE_WRITE,
	  "read the configuration again; what has changed", run_reload },
	{ .name = NULL }
};

/* ---- life ---- */

struct reload *
reload_new(const struct reload_of *of)
{
	struct reload *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->of = *of;
	STAILQ_INIT(&r->jobs);
	if (procedures_add(&of->broker->procedures, rows, r) == 0)
		return r;
	free(r);
	return NULL;
}

void
reload_close(struct reload *r)
{
	if (r != NULL)
		r->closed = true;
}

void
reload_free(struct reload *r)
{
	struct job *j;

	if (r == NULL)
		return;
	while ((j = STAILQ_FIRST(&r->jobs)) != NULL) {
		STAILQ_REMOVE_HEAD(&r->jobs, link);
		job_free(j);
	}
	free(r);
}
