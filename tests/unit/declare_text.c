/*
 * declare_text.c: declared handlers as text, for comparison.
 */
#include "declare_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tap.h"

static void
print_right(FILE *out, const char *key, const struct declare_right *right)
{
	size_t i;

	if (right->program != NULL)
		fprintf(out, " %s@%u:%u='%s'", key, right->line,
		    right->column, right->program);
	if (right->grants == declare_rights[DECLARE_SUBSCRIBE].grants ||
	    right->grants == declare_rights[DECLARE_PUBLISH].grants)
		return;
	fprintf(out, " %s=[", key);
	for (i = 0; i < right->n_grants; i++)
		fprintf(out, "%s%s%s", i > 0 ? "," : "",
		    declare_who_word(right->grants[i].who),
		    right->grants[i].name != NULL ?
		    right->grants[i].name : "");
	fprintf(out, "]");
}

static void
print_exec(FILE *out, const struct handler_decl *h)
{
	const struct declare_exec *x = &h->exec;
	size_t i;

	for (i = 0; x->argv != NULL && x->argv[i] != NULL; i++)
		fprintf(out, " <%s>", x->argv[i]);
	fprintf(out, " cwd=%s timeout=%d pool=%d queue=%d restart=%d-%d",
	    x->cwd, (int)h->timeout, (int)x->pool, (int)x->queue,
	    (int)x->restart_min, (int)x->restart_max);
	if (x->tick != 0)
		fprintf(out, " tick=%d", (int)x->tick);
	for (i = 0; i < x->n_env; i++)
		fprintf(out, x->env[i].value != NULL ? " %s='%s'" : " %s",
		    x->env[i].name, x->env[i].value);
}

/* One line: what differs from the defaults, and all of the type's own. */
static void
print_handler(FILE *out, const struct handler_decl *h)
{
	fprintf(out, "%u:%u %s %s", h->line, h->column, h->name, h->type);
	print_right(out, "subscribe", &h->rights[DECLARE_SUBSCRIBE]);
	print_right(out, "publish", &h->rights[DECLARE_PUBLISH]);
	print_right(out, "call", &h->rights[DECLARE_CALL]);
	if (h->retain)
		fprintf(out, " retain");
	if (h->retain_time != 0)
		fprintf(out, "=%d", (int)h->retain_time);
	if (h->history_events != 0 || h->history_time != 0)
		fprintf(out, " history=%d/%d", (int)h->history_events,
		    (int)h->history_time);
	if (h->overflow != DECLARE_DISCONNECT)
		fprintf(out, " overflow=%d", h->overflow);
	if (h->rate != 0)
		fprintf(out, " rate=%d/%d", (int)h->rate, (int)h->burst);
	if (h->max_size != 0)
		fprintf(out, " max_size=%d", (int)h->max_size);
	if (h->log != DECLARE_LOG_NONE)
		fprintf(out, " log=%d", h->log);
	if (strcmp(h->type, "secured") == 0)
		fprintf(out, " {%s}%s", h->secured.parameter,
		    h->secured.wildcard ? " wildcard" : "");
	if (strcmp(h->type, "ping") == 0)
		fprintf(out, " %s every %d ms", h->ping.message,
		    (int)h->ping.interval);
	if (strcmp(h->type, "exec") == 0)
		print_exec(out, h);
	if (strcmp(h->type, "jq") == 0 && h->timeout != 100)
		fprintf(out, " timeout=%d", (int)h->timeout);
	fprintf(out, "\n");
}

char *
declare_text(const struct declare_source *src, struct diags *d)
{
	struct declarations *t = declare_load(src, d);
	char *text = NULL;
	size_t i, size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		abort();
	for (i = 0; t != NULL && i < declare_count(t); i++) {
		const struct handler_decl *h = declare_at(t, i);

		print_handler(out, h);
		tap_ok(declare_find(t, slice_str(h->name)) == h,
		    "%s is found", h->name);
	}
	diag_print(d, out);
	fclose(out);
	declare_free(t);
	return text;
}
