/*
 * reload_report.c: what a reload has found, for callers and the log.
 */
#include "wampd/reload_report.h"

#include <inttypes.h>

#include "base/log.h"
#include "proto/json.h"
#include "route/diag.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"
#include "wampd/core/generation.h"
#include "wampd/reload_read.h"

static int
add_text(struct buf *out, const char *name, const char *text)
{
	if (buf_addf(out, "\"%s\":", name) == -1)
		return -1;
	return json_quote(out, slice_str(text));
}

static int
add_diag(struct buf *out, const struct diag *g)
{
	if (buf_add_char(out, '{') == -1 ||
	    add_text(out, "file", g->file) == -1 ||
	    (g->line > 0 && buf_addf(out, ",\"line\":%u,\"column\":%u",
	    g->line, g->column) == -1) ||
	    buf_add_char(out, ',') == -1 ||
	    add_text(out, "level", diag_level_name(g->level)) == -1 ||
	    buf_add_char(out, ',') == -1 ||
	    add_text(out, "text", g->text) == -1 ||
	    buf_add_char(out, ',') == -1 ||
	    add_text(out, "rule", g->rule) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
reload_report_diags(struct buf *out, const struct diags *d)
{
	size_t i;

	if (buf_add_char(out, '[') == -1)
		return -1;
	for (i = 0; i < d->n && i < REPORT_DIAGS; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    add_diag(out, &d->v[i]) == -1)
			return -1;
	return buf_add_char(out, ']');
}

int
reload_report_error(struct buf *out, const struct diags *d)
{
	size_t i;

	for (i = 0; i < d->n && d->v[i].level != DIAG_ERROR; i++)
		;
	if (i < d->n && diag_write(out, &d->v[i]) == -1)
		return -1;
	return d->errors < 2 ? 0 : buf_addf(out, ", and %zu more error%s",
	    d->errors - 1, d->errors > 2 ? "s" : "");
}

static int
add_names(struct buf *out, const char *what, const struct reload_names *v)
{
	if (buf_addf(out, "\"%s\":[", what) == -1 ||
	    buf_add_slice(out, buf_slice(&v->text)) == -1)
		return -1;
	return buf_add_str(out, "],");
}

static int
add_differences(struct buf *out, const char *what,
    const struct reload_differences *d)
{
	if (buf_addf(out, ",\"%s\":{", what) == -1 ||
	    add_names(out, "added", &d->added) == -1 ||
	    add_names(out, "removed", &d->removed) == -1 ||
	    add_names(out, "changed", &d->changed) == -1)
		return -1;
	return buf_addf(out, "\"left_out\":%zu}", d->added.left_out +
	    d->removed.left_out + d->changed.left_out);
}

int
reload_report(struct buf *out, const struct reload_reading *r,
    const struct generation *now, bool dry)
{
	if (buf_addf(out, "{\"generation\":%" PRIu64 ",\"dry_run\":%s,"
	    "\"keys\":[", now->number, dry ? "true" : "false") == -1 ||
	    buf_add_slice(out, buf_slice(&r->keys)) == -1 ||
	    buf_add_str(out, "],\"restart\":[") == -1 ||
	    buf_add_slice(out, buf_slice(&r->restart)) == -1 ||
	    buf_add_char(out, ']') == -1 ||
	    add_differences(out, "routes", &r->route_differences) == -1 ||
	    add_differences(out, "handlers", &r->handler_differences) == -1 ||
	    buf_add_str(out, ",\"warnings\":") == -1 ||
	    reload_report_diags(out, &r->diags) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* Append the values with commas. */
static int
add_plain(struct buf *out, const struct opt_list *v, bool list)
{
	size_t i = list || v->n == 0 ? 0 : v->n - 1, first = i;

	for (; i < v->n; i++)
		if (buf_addf(out, "%s%s", i > first ? "," : "", v->v[i]) == -1)
			return -1;
	return 0;
}

static void
log_key(const struct config *cfg, const struct key *k)
{
	const struct config_value *now = &cfg->values[k - keys];
	const struct config_value *wanted = &cfg->wanted[k - keys];
	const struct config_place *at = wanted->at;
	struct buf before = { 0 }, after = { 0 };

	if (add_plain(&before, &now->text, key_is_list(k)) == 0 &&
	    add_plain(&after, &wanted->text, key_is_list(k)) == 0)
		log_warn("key=%s needs a restart file=%s line=%u column=%u "
		    "old=%s new=%s", k->name, log_quote(slice_str(at->file)).s,
		    at->line, at->column, log_quote(buf_slice(&before)).s,
		    log_quote(buf_slice(&after)).s);
	buf_clear(&before);
	buf_clear(&after);
}

void
reload_log_restart(const struct config *cfg)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (cfg->wanted[i].at != NULL)
			log_key(cfg, &keys[i]);
}

void
reload_log_done(const struct reload_reading *r, uint64_t generation)
{
	const struct reload_differences *a = &r->route_differences;
	const struct reload_differences *b = &r->handler_differences;

	reload_log_restart(r->cfg);
	log_info("reloaded generation=%" PRIu64 " keys=%zu restart=%zu "
	    "routes=+%zu-%zu~%zu handlers=+%zu-%zu~%zu",
	    generation, r->n_keys,
	    r->n_restart, a->added.n, a->removed.n, a->changed.n, b->added.n,
	    b->removed.n, b->changed.n);
}
