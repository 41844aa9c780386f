/*
 * reload_config.c: the procedure wampd.config, which shows the configuration in
 * force.
 *
 * It is what wampd -T prints, as JSON.  Thousands of handlers take a while, so
 * a thread makes it.
 */
#include "wampd/reload_config.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "proto/json.h"
#include "route/yaml.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/owed.h"
#include "wampd/core/loop.h"
#include "wampd/core/reply.h"

#define DEPTH_MAX	16	/* of what -T prints */

struct job {
	struct owed	owed;
	struct generation *generation;	/* a reference */
	struct buf	out;		/* owned; JSON */
	struct errbuf	e;		/* why there is none, or "" */
};

/* ---- what -T prints, as JSON ---- */

/* Where a value is: the keys on the way to it. */
struct path {
	const char *keys[DEPTH_MAX];
	size_t	    n;
};

/* Whether a value may be a secret: variables of programs, parameters of
 * services. */
static bool
is_hidden(const struct path *at)
{
	return (at->n == 2 &&
	    slice_eq(slice_str(at->keys[0]), SLICE("parameters"))) ||
	    (at->n == 4 &&
	    slice_eq(slice_str(at->keys[0]), SLICE("handlers")) &&
	    slice_eq(slice_str(at->keys[2]), SLICE("env")));
}

static int
add_scalar(struct buf *out, const struct yaml_node *n)
{
	struct json_elem elem;
	struct json_error e;
	bool flag;

	if (!n->quoted && yaml_bool(&flag, n) == 0)
		return buf_add_str(out, flag ? "true" : "false");
	if (!n->quoted && json_scan_value(n->text, 1, &elem, &e) == 0 &&
	    elem.type == JSON_NUMBER)
		return buf_add_slice(out, n->text);
	return json_quote(out, n->text);
}

static int add_node(struct buf *out, const struct yaml_node *n,
    struct path *at);

static int
add_mapping(struct buf *out, const struct yaml_node *n, struct path *at)
{
	size_t i;
	int rc = buf_add_char(out, '{');

	for (i = 0; i < n->n && rc == 0 && at->n < DEPTH_MAX; i++) {
		at->keys[at->n++] = n->items[i]->text.p;
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    json_quote(out, n->items[i]->text) == -1 ||
		    buf_add_char(out, ':') == -1 ||
		    add_node(out, n->values[i], at) == -1)
			rc = -1;
		at->n--;
	}
	return rc == 0 ? buf_add_char(out, '}') : -1;
}

static int
add_list(struct buf *out, const struct yaml_node *n, struct path *at)
{
	size_t i;
	int rc = buf_add_char(out, '[');

	for (i = 0; i < n->n && rc == 0; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    add_node(out, n->items[i], at) == -1)
			rc = -1;
	return rc == 0 ? buf_add_char(out, ']') : -1;
}

static int
add_node(struct buf *out, const struct yaml_node *n, struct path *at)
{
	if (n->kind == YAML_MAPPING)
		return add_mapping(out, n, at);
	if (n->kind == YAML_LIST)
		return add_list(out, n, at);
	if (n->kind == YAML_NULL)
		return buf_add_str(out, "null");
	return is_hidden(at) ? buf_add_str(out, "\"(hidden)\"") :
	    add_scalar(out, n);
}

/* Append the keys.  0, or -1 with *e filled. */
static int
add_keys(struct buf *out, const struct config *cfg, struct errbuf *e)
{
	struct path at = { .n = 0 };
	struct diags d = { 0 };
	struct buf text = { 0 };
	struct yaml_doc *doc = NULL;
	int rc = config_print(&text, cfg, e);

	if (rc == 0) {
		doc = yaml_load_text("wampd", buf_slice(&text), &d);
		err_set(e, "the configuration cannot be shown");
		rc = doc != NULL ? add_node(out, yaml_root(doc), &at) : -1;
	}
	yaml_doc_free(doc);
	diag_clear(&d);
	buf_clear(&text);
	return rc;
}

/* ---- the answer ---- */

static int
add_restart(struct buf *out, const struct config *cfg)
{
	size_t i, n = 0;
	int rc = buf_add_str(out, ",\"restart\":[");

	for (i = 0; i < nkeys && rc == 0; i++)
		if (cfg->wanted[i].at != NULL)
			rc = buf_addf(out, "%s\"%s\"", n++ > 0 ? "," : "",
			    keys[i].name);
	return rc == 0 ? buf_add_char(out, ']') : -1;
}

static int
add_head(struct buf *out, const struct generation *g,
    const struct config *cfg)
{
	char when[CLOCK_ISO_SIZE];

	if (buf_addf(out, "{\"generation\":%" PRIu64 ",\"since\":\"%s\","
	    "\"file\":", g->number, clock_iso_of(when, g->loaded)) == -1 ||
	    (cfg->file == NULL ? buf_add_str(out, "null") :
	    json_quote(out, slice_str(cfg->file))) == -1 ||
	    add_restart(out, cfg) == -1)
		return -1;
	return buf_add_str(out, ",\"config\":");
}

/* In a thread: the generation and its configuration do not change. */
static void
on_run(void *arg)
{
	struct job *j = arg;
	const struct config *cfg = j->generation->source;
	/* The generation has taken the handlers. */
	struct config whole = *cfg;

	whole.declared = j->generation->declared;
	j->e.msg[0] = '\0';
	if (add_head(&j->out, j->generation, cfg) == 0 &&
	    add_keys(&j->out, &whole, &j->e) == 0 &&
	    buf_add_char(&j->out, '}') == 0)
		j->e.msg[0] = '\0';
	else if (j->e.msg[0] == '\0')
		err_set(&j->e, "out of memory");
}

static void
job_free(struct job *j)
{
	generation_release(j->generation);
	buf_clear(&j->out);
	free(j);
}

static void
on_done(void *arg, int64_t now)
{
	struct job *j = arg;
	struct failure f;

	broker_set_now(j->generation->broker, now);
	failure_begin(&f, FAILURE_INTERNAL);
	f.reason = j->e;
	if (j->owed.caller != NULL && j->e.msg[0] == '\0')
		owed_result(&j->owed, buf_slice(&j->out));
	else if (j->owed.caller != NULL)
		owed_failure(&j->owed, &f);
	job_free(j);
}

int
reload_config(struct call *c)
{
	struct broker *b = c->broker;
	struct job *j;

	if (c->nargs > 0)
		return call_bad_argument(c, "there are no arguments");
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return call_out_of_memory(c);
	j->generation = b->generation;
	generation_hold(j->generation);
	/* If the caller leaves, the thread still works on it. */
	j->owed.forget = owed_end;
	if (owed_begin(&j->owed, &c->to, false) == 0 &&
	    b->loop->work(b->loop_ctx, on_run, on_done, j) == 0)
		return 1;
	owed_end(&j->owed);
	job_free(j);
	return call_out_of_memory(c);
}
