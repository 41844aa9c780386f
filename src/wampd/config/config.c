/*
 * config.c: the configuration: wampd.yml, options, environment and defaults.
 */
#include "wampd/config/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/path.h"
#include "route/declare.h"
#include "route/files.h"
#include "route/table.h"
#include "route/yaml.h"
#include "wampd/config/config_parts.h"
#include "wampd/config/door.h"
#include "wampd/config/key.h"

/* ---- the file ---- */

struct reader {
	struct config *cfg;
	const char    *file;
	struct diags  *d;
	struct yaml_doc *doc;		/* owned; owns the nodes */
	/* The values of these two keys, or NULL. */
	const struct yaml_node *handlers;
	const struct yaml_node *parameters;
};

static void
read_scalar(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	const struct config_place at = { r->file, n->line, n->column };
	struct errbuf e;

	if (n->kind != YAML_SCALAR) {
		diag_add(r->d, DIAG_ERROR, r->file, n->line, n->column,
		    "wrong-type", "%s needs a text%s", k->name,
		    key_is_list(k) ? " or a list of texts" : "");
		return;
	}
	if (config_set(r->cfg, k, n->text, r->file, &at, &e) == -1)
		diag_add(r->d, DIAG_ERROR, r->file, n->line, n->column,
		    "bad-value", "%s: %s", k->name, e.msg);
}

static void
read_value(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	size_t i;

	if (n->kind == YAML_NULL)
		return;			/* "key:" leaves the default */
	if (k->type == KEY_HANDLERS) {
		r->handlers = n;	/* for read_declared() */
		return;
	}
	if (k->type == KEY_PARAMETERS) {
		r->parameters = n;
		return;
	}
	if (!key_is_list(k) || n->kind != YAML_LIST) {
		read_scalar(r, k, n);
		return;
	}
	for (i = 0; i < n->n; i++)
		read_scalar(r, k, n->items[i]);
}

#define LIST_SHORT	60	/* bytes */

/* Suggest one of the names, which have ", " between them; names may be NULL.  A
 * short list needs no suggestion. */
static void
suggest_key(struct errbuf *hint, const char *given, const char *names)
{
	struct nearest near;
	char *copy, *rest, *name;

	if (names == NULL || strlen(names) < LIST_SHORT ||
	    (copy = rest = strdup(names)) == NULL)
		return;
	nearest_init(&near, given, strlen(given));
	while ((name = strsep(&rest, ", ")) != NULL)
		if (name[0] != '\0')
			nearest_try(&near, name);
	err_suggest(hint, near.found);
	free(copy);
}

static void
report_unknown_key(struct reader *r, const char *prefix,
    const struct yaml_node *name)
{
	struct errbuf hint = { "" };
	struct buf list = { 0 };
	const char *text = NULL;

	if (key_list(&list, prefix) == 0)
		text = buf_cstr(&list);
	suggest_key(&hint, name->text.p, text);
	diag_add(r->d, DIAG_ERROR, r->file, name->line, name->column,
	    "unknown-key", "there is no key \"%s%s\": write one of %s%s",
	    prefix, name->text.p, text != NULL ? text : "the known ones",
	    hint.msg);
	buf_clear(&list);
}

/* Read a mapping; prefix is "" or the name of a section with a dot, such as
 * "tls." or "tickets.oro.". */
static void
read_mapping(struct reader *r, const char *prefix, const struct yaml_node *n)
{
	const struct yaml_node *name, *value;
	const struct key *k;
	char path[128];
	size_t i;

	for (i = 0; i < n->n; i++) {
		name = n->items[i];
		value = n->values[i];
		(void)snprintf(path, sizeof(path), "%s%s", prefix,
		    name->text.p);
		if ((k = key_find(path)) != NULL) {
			read_value(r, k, value);
		} else if (!key_is_section(path)) {
			report_unknown_key(r, prefix, name);
		} else if (value->kind == YAML_MAPPING) {
			(void)snprintf(path, sizeof(path), "%s%s.", prefix,
			    name->text.p);
			read_mapping(r, path, value);
		} else if (value->kind != YAML_NULL) {
			diag_add(r->d, DIAG_ERROR, r->file, value->line,
			    value->column, "wrong-type",
			    "%s needs keys of its own below it", path);
		}
	}
}

static void
read_file(struct reader *r)
{
	const struct yaml_node *root;

	if ((r->doc = yaml_load_file(r->file, r->d)) == NULL)
		return;
	root = yaml_root(r->doc);
	if (root->kind == YAML_MAPPING)
		read_mapping(r, "", root);
	else if (root->kind != YAML_NULL)
		diag_add(r->d, DIAG_ERROR, r->file, root->line, root->column,
		    "wrong-type", "the file must hold keys and values");
}

/* Read the handlers, when all service files are known. */
static void
read_declared(struct reader *r)
{
	struct config *cfg = r->cfg;
	const struct declare_source src = {
		.file = r->file != NULL ? r->file : "wampd",
		.handlers = r->handlers,
		.parameters = r->parameters,
		.services = cfg->services.v,
		.n_services = cfg->services.n,
	};

	cfg->declared = declare_load(&src, r->d);
}

/* ---- options, environment, defaults ---- */

static void
read_overrides(struct config *cfg, const struct config_override *over,
    size_t n, struct diags *d)
{
	const struct config_place at = { CONFIG_COMMAND_LINE, 0, 0 };
	const struct key *k;
	struct errbuf e;
	size_t i, j;

	for (i = 0; i < n; i++) {
		k = key_find(over[i].key);
		for (j = 0; j < i; j++)
			if (strcmp(over[j].key, over[i].key) == 0)
				break;
		if (j == i)
			config_unset(cfg, k);
		if (config_set(cfg, k, slice_str(over[i].value), NULL, &at,
		    &e) == -1)
			diag_add(d, DIAG_ERROR, at.file, 0, 0,
			    "bad-value", "%s: %s", k->name, e.msg);
	}
}

static void
fill_defaults(struct config *cfg, struct diags *d)
{
	struct config_place at = { NULL, 0, 0 };
	struct errbuf e;
	size_t i;

	for (i = 0; i < nkeys; i++) {
		if ((at.file = key_variable(&keys[i])) == NULL)
			at.file = CONFIG_DEFAULT;
		if (cfg->values[i].text.n == 0 &&
		    config_put_default(cfg, &keys[i], &at, &e) == -1)
			diag_add(d, DIAG_ERROR, at.file, 0, 0,
			    "bad-value", "%s: %s", keys[i].name, e.msg);
	}
}

static struct config *
config_new(void)
{
	struct config *cfg = calloc(1, sizeof(*cfg));

	if (cfg == NULL)
		return NULL;
	cfg->refs = 1;
	cfg->values = calloc(nkeys, sizeof(*cfg->values));
	cfg->wanted = calloc(nkeys, sizeof(*cfg->wanted));
	cfg->control_gid = cfg->user_group = (gid_t)-1;
	if (cfg->values != NULL && cfg->wanted != NULL)
		return cfg;
	config_free(cfg);
	return NULL;
}

struct config *
config_read_again(const struct config_source *src,
    const struct config *running, struct diags *d)
{
	const char *file = src->file;
	struct reader r = { .file = file, .d = d };
	struct config *cfg = config_new();

	if (cfg == NULL) {
		diag_add(d, DIAG_ERROR, "wampd", 0, 0, "memory",
		    "out of memory");
		return NULL;
	}
	cfg->file = file;
	cfg->tried_out = file == NULL;
	cfg->ports_file = src->ports_file;
	cfg->strict = src->strict;
	cfg->running = running;
	r.cfg = cfg;
	if (file != NULL)
		read_file(&r);
	read_overrides(cfg, src->over, src->n, d);
	if (running != NULL)
		config_keep_running(cfg, running, d);
	config_find_door(cfg);
	fill_defaults(cfg, d);
	cfg->running = NULL;
	config_check_tls(cfg, file, d);
	config_check_user_group(cfg, d);
	read_declared(&r);
	config_check_loopback(cfg, d);
	yaml_doc_free(r.doc);
	diags_sort_files(d, 0, &file, file != NULL ? 1 : 0);
	return cfg;
}

struct config *
config_read(const char *file, const struct config_override *over, size_t n,
    struct diags *d)
{
	const struct config_source src = { .file = file, .over = over, .n = n };

	return config_read_again(&src, NULL, d);
}

/* Whether it has a value that is not its default.  -T prints all keys, and what
 * it prints must have the same meaning. */
static bool
is_set(const struct key *k, const struct config_value *v)
{
	if (v->text.n == 0 || (v->at[0].line == 0 &&
	    strcmp(v->at[0].file, CONFIG_COMMAND_LINE) != 0))
		return false;
	return k->value == NULL ||
	    strcmp(v->text.v[v->text.n - 1], k->value) != 0;
}

bool
config_sets(const struct config *cfg, const char *section)
{
	size_t k;

	for (k = 0; k < nkeys; k++)
		if (slice_starts(slice_str(keys[k].name),
		    slice_str(section)) && is_set(&keys[k], &cfg->values[k]))
			return true;
	return false;
}

struct declarations *
config_take_declared(struct config *cfg)
{
	struct declarations *declared = cfg->declared;

	cfg->declared = NULL;
	return declared;
}

struct routes *
config_load_routes(const struct config *cfg, unsigned how, struct diags *d)
{
	if (cfg->routing == 1)
		how |= ROUTES_LEGACY;
	return routes_load(cfg->routes.v, cfg->routes.n, how, d);
}

static void
values_free(struct config_value *values)
{
	size_t i;

	for (i = 0; values != NULL && i < nkeys; i++) {
		free(values[i].text.v);
		free(values[i].at);
	}
	free(values);
}

struct config *
config_hold(struct config *cfg)
{
	cfg->refs++;
	return cfg;
}

void
config_free(struct config *cfg)
{
	if (cfg == NULL || --cfg->refs > 0)
		return;
	values_free(cfg->values);
	values_free(cfg->wanted);
	free(cfg->listen.v);
	free(cfg->http.listen.v);
	free(cfg->http.allow.v);
	free(cfg->routes.v);
	free(cfg->services.v);
	free(cfg->ws.paths.v);
	free(cfg->tickets.oro.backends.v);
	free(cfg->tickets.paseto.keys.v);
	free(cfg->tickets.jwt.keys.v);
	free(cfg->tickets.oro.lookup.command.v);
	free(cfg->cookie.lookup.command.v);
	free(cfg->addresses.blocked.v);
	free(cfg->addresses.allowed.v);
	free(cfg->addresses.proxies.v);
	host_list_clear(&cfg->door.hosts);
	host_list_clear(&cfg->door.origins);
	host_list_clear(&cfg->door.applications);
	free(cfg->tls.cert.v);
	free(cfg->tls.key.v);
	declare_free(cfg->declared);
	arena_clear(&cfg->arena);
	free(cfg);
}

void
config_release(void *cfg)
{
	config_free(cfg);
}
