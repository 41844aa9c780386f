/*
 * reload_read.c: reading a configuration again, and comparing it.
 */
#include "wampd/reload_read.h"

#include "proto/json.h"
#include "route/compare.h"
#include "route/declare.h"
#include "route/table.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"
#include "wampd/core/generation.h"

#define NAMES_MOST	100	/* of each kind that are told */

/* ---- names ---- */

static int
add_name(struct reload_names *v, const char *name)
{
	if (v->n++ >= NAMES_MOST) {
		v->left_out++;
		return 0;
	}
	if (v->text.len > 0 && buf_add_char(&v->text, ',') == -1)
		return -1;
	return json_quote(&v->text, slice_str(name));
}

static void
clear_differences(struct reload_differences *d)
{
	buf_clear(&d->added.text);
	buf_clear(&d->removed.text);
	buf_clear(&d->changed.text);
}

/* ---- keys ---- */

/* Append the values of a key: a list, one text, or null. */
static int
add_values(struct buf *out, const struct key *k, const struct opt_list *v)
{
	bool list = key_is_list(k);
	size_t i;

	if (!list)
		return v->n == 0 ? buf_add_str(out, "null") :
		    json_quote(out, slice_str(v->v[v->n - 1]));
	if (buf_add_char(out, '[') == -1)
		return -1;
	for (i = 0; i < v->n; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    json_quote(out, slice_str(v->v[i])) == -1)
			return -1;
	return buf_add_char(out, ']');
}

/* Append one key, with its values and the place of the new one, if a file has
 * it. */
static int
add_key(struct buf *out, const struct key *k, const struct opt_list *before,
    const struct config_value *now)
{
	const struct config_place *at = now->at;

	if ((out->len > 0 && buf_add_char(out, ',') == -1) ||
	    buf_addf(out, "{\"key\":\"%s\",\"old\":", k->name) == -1 ||
	    add_values(out, k, before) == -1 ||
	    buf_add_str(out, ",\"new\":") == -1 ||
	    add_values(out, k, &now->text) == -1)
		return -1;
	if (now->text.n > 0 && at->line > 0 &&
	    (buf_add_str(out, ",\"file\":") == -1 ||
	    json_quote(out, slice_str(at->file)) == -1 ||
	    buf_addf(out, ",\"line\":%u,\"column\":%u", at->line,
	    at->column) == -1))
		return -1;
	return buf_add_char(out, '}');
}

static int
compare_keys(struct reload_reading *r)
{
	const struct config_value *now, *before, *wanted;
	size_t i;

	for (i = 0; i < nkeys; i++) {
		now = &r->cfg->values[i];
		before = &r->running->values[i];
		wanted = &r->cfg->wanted[i];
		if (!config_same(&now->text, &before->text)) {
			r->n_keys++;
			if (add_key(&r->keys, &keys[i], &before->text, now) ==
			    -1)
				return -1;
		}
		if (wanted->at != NULL) {
			r->n_restart++;
			if (add_key(&r->restart, &keys[i], &now->text,
			    wanted) == -1)
				return -1;
		}
	}
	return 0;
}

/* ---- routes ---- */

static int
compare_routes(struct reload_differences *d, const struct routes *before,
    const struct routes *now)
{
	size_t nbefore = before != NULL ? routes_count(before) : 0;
	size_t nnow = now != NULL ? routes_count(now) : 0, i;
	const struct route *one, *other;

	for (i = 0; i < nnow; i++) {
		one = routes_at(now, i);
		other = nbefore > 0 ? routes_find(before, one->name) : NULL;
		if (other == NULL ? add_name(&d->added, one->name) == -1 :
		    !routes_same(now, i, before, other->index) &&
		    add_name(&d->changed, one->name) == -1)
			return -1;
	}
	for (i = 0; i < nbefore; i++) {
		one = routes_at(before, i);
		if ((nnow == 0 || routes_find(now, one->name) == NULL) &&
		    add_name(&d->removed, one->name) == -1)
			return -1;
	}
	return 0;
}

/* ---- handlers ---- */

/* Append "NAME: KEYS" as a name. */
static int
add_changed(struct reload_names *v, const char *name, struct buf *differs)
{
	struct buf text = { 0 };
	int rc = buf_addf(&text, "%s: ", name);

	if (rc == 0)
		rc = buf_add_slice(&text, buf_slice(differs));
	if (rc == 0)
		rc = buf_cstr(&text) != NULL ? add_name(v, text.data) : -1;
	buf_clear(&text);
	return rc;
}

/* Compare handler i with `other` (NULL: it is new). */
static int
compare_handler(struct reload_differences *d, struct declarations *now,
    size_t i, const struct handler_decl *other)
{
	const struct handler_decl *one = declare_at(now, i);
	struct buf differs = { 0 };
	int rc;

	if (other == NULL)
		return add_name(&d->added, one->name);
	if ((rc = declare_compare(&differs, other, one)) == 0) {
		if (differs.len == 0)
			declare_set_unchanged(now, i);
		else
			rc = add_changed(&d->changed, one->name, &differs);
	}
	buf_clear(&differs);
	return rc;
}

static int
compare_handlers(struct reload_differences *d,
    const struct declarations *before, struct declarations *now)
{
	size_t nbefore = before != NULL ? declare_count(before) : 0;
	size_t nnow = now != NULL ? declare_count(now) : 0, i;
	const char *name;

	for (i = 0; i < nnow; i++) {
		name = declare_at(now, i)->name;
		if (compare_handler(d, now, i, nbefore > 0 ?
		    declare_find(before, slice_str(name)) : NULL) == -1)
			return -1;
	}
	for (i = 0; i < nbefore; i++) {
		name = declare_at(before, i)->name;
		if ((nnow == 0 ||
		    declare_find(now, slice_str(name)) == NULL) &&
		    add_name(&d->removed, name) == -1)
			return -1;
	}
	return 0;
}

/* ---- the parts ---- */

static void
prepare_parts(struct reload_reading *r)
{
	const struct reload_part *p;
	size_t i;

	for (i = 0, p = reload_parts; p->name != NULL; i++, p++) {
		r->prepared[i] = p->prepare(r->server, r->cfg, &r->diags);
		r->nprepared++;
	}
}

void
reload_commit_parts(struct reload_reading *r, struct server *s)
{
	size_t i;

	for (i = 0; i < r->nprepared; i++)
		reload_parts[i].commit(s, r->prepared[i]);
	r->nprepared = 0;
}

static void
discard_parts(struct reload_reading *r)
{
	size_t i;

	for (i = 0; i < r->nprepared; i++)
		if (r->prepared[i] != NULL)
			reload_parts[i].discard(r->prepared[i]);
	r->nprepared = 0;
}

/* ---- all ---- */

void
reload_read(struct reload_reading *r)
{
	struct diags *d = &r->diags;

	r->cfg = config_read_again(r->from, r->running, d);
	if (r->cfg == NULL)
		return;
	if (r->cfg->routes.n > 0)
		r->routes = config_load_routes(r->cfg, 0, d);
	if (!r->cfg->tried_out)
		r->declared = config_take_declared(r->cfg);
	if (d->errors > 0)
		return;
	prepare_parts(r);
	if ((!r->cfg->tried_out && r->declared == NULL) ||
	    compare_keys(r) == -1 ||
	    compare_routes(&r->route_differences, r->before->routes,
	    r->routes) == -1 ||
	    compare_handlers(&r->handler_differences, r->before->declared,
	    r->declared) == -1)
		r->failed = true;
}

void
reload_reading_clear(struct reload_reading *r)
{
	discard_parts(r);
	declare_free(r->declared);
	routes_free(r->routes);
	config_free(r->cfg);
	diag_clear(&r->diags);
	buf_clear(&r->keys);
	buf_clear(&r->restart);
	clear_differences(&r->route_differences);
	clear_differences(&r->handler_differences);
}
