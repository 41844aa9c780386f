/*
 * config.c: what wampd is told: wampd.yml, options, environment, defaults.
 */
#include "wampd/config.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/path.h"
#include "route/declare.h"
#include "route/table.h"
#include "route/yaml.h"
#include "wampd/config_key.h"
#include "wampd/listen.h"

#define MEMORY_SHARE	4	/* of it for queues, by default */
#define MEMORY_LEAST	(16u << 20)	/* bytes */

/* Oro's own, where neither the file nor an option says it. */
static const struct {
	size_t	    at;			/* the key's */
	const char *name;
} variables[] = {
	{ offsetof(struct config, listen), "ORO_WEBSOCKET_SERVER_DSN" },
	{ offsetof(struct config, broker.maintenance_lock),
	  "ORO_MAINTENANCE_LOCK_FILE_PATH" },
};

/* The variable that stands for a key, or NULL. */
static const char *
key_variable(const struct key *k)
{
	size_t i;

	for (i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (variables[i].at == k->at)
			return variables[i].name;
	return NULL;
}

static int
check_path(struct slice path, struct errbuf *e)
{
	if (path.len == 0)
		err_set(e, "an empty path leads nowhere");
	else if (path.len >= PATH_MAX)
		err_set(e, "longer than the %d bytes a path may have",
		    PATH_MAX - 1);
	else
		return 0;
	return -1;
}

/* Copy the text, and put the file's folder in front of a relative path. */
static const char *
key_text(struct config *cfg, const struct key *k, struct slice text,
    const char *file)
{
	struct buf path = { 0 };
	const char *copy = NULL;

	if (file == NULL || !key_is_path(k))
		return arena_copy(&cfg->arena, text);
	if (path_beside(&path, file, text.p) == 0)
		copy = arena_copy(&cfg->arena, buf_slice(&path));
	buf_clear(&path);
	return copy;
}

static int
config_set(struct config *cfg, const struct key *k, struct slice text,
    const char *file, struct errbuf *e)
{
	const char *copy;

	if (key_is_path(k) && check_path(text, e) == -1)
		return -1;
	copy = key_text(cfg, k, text, file);
	if (copy == NULL || opt_list_add(&cfg->text[k - keys], copy) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return key_store(cfg, k, copy, e);
}

/* Forget what is set: an option replaces the file's values. */
static void
config_unset(struct config *cfg, const struct key *k)
{
	cfg->text[k - keys].n = 0;
	if (key_is_list(k))
		((struct opt_list *)((char *)cfg + k->at))->n = 0;
}

/* ---- the file ---- */

struct reader {
	struct config *cfg;
	const char    *file;
	struct diags  *d;
	struct yaml_doc *doc;		/* owned; its nodes live as long */
	const struct yaml_node *handlers;	/* the values of these two */
	const struct yaml_node *parameters;	/* keys, or NULL */
};

static void
read_scalar(struct reader *r, const struct key *k, const struct yaml_node *n)
{
	struct errbuf e;

	if (n->kind != YAML_SCALAR) {
		diag_add(r->d, DIAG_ERROR, r->file, n->line, n->column,
		    "wrong-type", "%s needs a text%s", k->name,
		    key_is_list(k) ? " or a list of texts" : "");
		return;
	}
	if (config_set(r->cfg, k, n->text, r->file, &e) == -1)
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

/* Of names with ", " between them; NULL: none.  In a short list the reader's
 * eye is as quick. */
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
	    prefix, name->text.p, text != NULL ? text : "those there are",
	    hint.msg);
	buf_clear(&list);
}

/* One mapping; prefix is "" or a section's name with a dot. */
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
		} else if (prefix[0] != '\0' || !key_is_section(path)) {
			report_unknown_key(r, prefix, name);
		} else if (value->kind == YAML_MAPPING) {
			(void)snprintf(path, sizeof(path), "%s.",
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

/* The handlers, once it is known which service files there are. */
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
		if (config_set(cfg, k, slice_str(over[i].value), NULL,
		    &e) == -1)
			diag_add(d, DIAG_ERROR, "command line", 0, 0,
			    "bad-value", "%s: %s", k->name, e.msg);
	}
}

/* Oro's "//0.0.0.0:8080" or "tcp://host:port/path" as an address. */
static int
address_of_dsn(struct buf *out, const char *dsn)
{
	const char *host = strstr(dsn, "//"), *name;
	size_t len;

	host = host != NULL ? host + 2 : dsn;
	len = strcspn(host, "/?");
	if (buf_add(out, host, len) == -1)
		return -1;
	/* The colons of "[::1]" are no port's. */
	name = memchr(host, ']', len);
	name = name != NULL ? name : host;
	if (memchr(name, ':', len - (size_t)(name - host)) == NULL &&
	    buf_add_str(out, ":8080") == -1)
		return -1;
	return buf_cstr(out) == NULL ? -1 : 0;
}

/* limits.queues */
static int
default_memory(struct buf *out)
{
	uint64_t share = memory_limit() / MEMORY_SHARE;

	return buf_addf(out, "%" PRIu64, share > MEMORY_LEAST ? share :
	    MEMORY_LEAST);
}

/* The value of a key that nothing has set: *out is empty when there is none. */
static int
key_default(const struct key *k, struct buf *out, struct errbuf *e)
{
	const char *name = key_variable(k);
	const char *variable = name != NULL ? getenv(name) : NULL;
	int rc = 0;

	if (k->at == offsetof(struct config, control_path))
		return path_control(out, e);
	if (variable != NULL && variable[0] != '\0')
		rc = k->type == KEY_ADDRESSES ?
		    address_of_dsn(out, variable) :
		    buf_add_str(out, variable);
	else if (k->at == offsetof(struct config, broker.limit_queues))
		rc = default_memory(out);
	else if (k->value != NULL)
		rc = buf_add_str(out, k->value);
	if (rc == -1)
		err_set(e, "out of memory");
	return rc;
}

static void
fill_defaults(struct config *cfg, struct diags *d)
{
	struct buf value = { 0 };
	const char *place;
	struct errbuf e;
	size_t i;

	for (i = 0; i < nkeys; i++) {
		if ((place = key_variable(&keys[i])) == NULL)
			place = "environment";
		if (cfg->text[i].n > 0)
			continue;
		buf_reset(&value);
		if (key_default(&keys[i], &value, &e) == -1 ||
		    (value.len > 0 && config_set(cfg, &keys[i],
		    buf_slice(&value), NULL, &e) == -1))
			diag_add(d, DIAG_ERROR, place, 0, 0,
			    "bad-value", "%s: %s", keys[i].name, e.msg);
	}
	buf_clear(&value);
}

/* A certificate that nothing uses is an error too: whoever names one expects
 * that his clients are protected. */
static void
check_tls(const struct config *cfg, const char *file, struct diags *d)
{
	const char *place = file != NULL ? file : "command line";
	bool tls = false;
	size_t i;

	for (i = 0; i < cfg->listen.n && !tls; i++)
		(void)listen_target(cfg->listen.v[i], &tls);
	if (tls && (cfg->tls.cert == NULL || cfg->tls.key == NULL))
		diag_add(d, DIAG_ERROR, place, 0, 0, "no-certificate",
		    "listen: an address with tls: needs tls.cert and tls.key");
	if (!tls && (cfg->tls.cert != NULL || cfg->tls.key != NULL))
		diag_add(d, DIAG_ERROR, place, 0, 0, "unused-certificate",
		    "tls: no address of listen begins with tls:");
}

struct config *
config_load(const char *file, const struct config_override *over, size_t n,
    struct diags *d)
{
	struct config *cfg;
	struct reader r = { .file = file, .d = d };

	if ((cfg = calloc(1, sizeof(*cfg))) == NULL ||
	    (cfg->text = calloc(nkeys, sizeof(*cfg->text))) == NULL) {
		diag_add(d, DIAG_ERROR, "wampd", 0, 0, "memory",
		    "out of memory");
		free(cfg);
		return NULL;
	}
	cfg->control_gid = (gid_t)-1;
	r.cfg = cfg;
	if (file != NULL)
		read_file(&r);
	read_overrides(cfg, over, n, d);
	fill_defaults(cfg, d);
	check_tls(cfg, file, d);
	read_declared(&r);
	yaml_doc_free(r.doc);
	diags_sort_files(d, 0, &file, file != NULL ? 1 : 0);
	if (d->errors > 0) {
		config_free(cfg);
		return NULL;
	}
	return cfg;
}

struct declarations *
config_take_declared(struct config *cfg)
{
	struct declarations *declared = cfg->declared;

	cfg->declared = NULL;
	return declared;
}

int
config_load_routes(struct routes **out, const struct config *cfg,
    struct errbuf *e)
{
	struct diags d = { 0 };

	*out = NULL;
	if (cfg->routes.n == 0)
		return 0;
	*out = routes_load(cfg->routes.v, cfg->routes.n,
	    cfg->routing == 1 ? ROUTES_LEGACY : 0, &d);
	diag_print(&d, stderr);
	if (*out == NULL)
		err_set(e, "the routing files have %zu error%s", d.errors,
		    d.errors == 1 ? "" : "s");
	diag_clear(&d);
	return *out == NULL ? -1 : 0;
}

void
config_free(struct config *cfg)
{
	size_t i;

	if (cfg == NULL)
		return;
	for (i = 0; i < nkeys; i++)
		free(cfg->text[i].v);
	free(cfg->text);
	free(cfg->listen.v);
	free(cfg->routes.v);
	free(cfg->services.v);
	declare_free(cfg->declared);
	arena_clear(&cfg->arena);
	free(cfg);
}
