/*
 * profile.c: named sets of what options say of a server.
 */
#include "client/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/nearest.h"
#include "base/num.h"
#include "base/path.h"
#include "client/header.h"
#include "route/source.h"
#include "route/yaml.h"

enum profile_type { PROFILE_TEXT, PROFILE_PATH, PROFILE_SECRET,
    PROFILE_FLAG, PROFILE_DURATION, PROFILE_LIST };

/* The keys are those of the options, with _ for -. */
static const struct profile_key {
	const char	 *name;
	enum profile_type type;
	size_t		  at;		/* in struct target_opts */
} profile_keys[] = {
#define ROW(name, type)	{ #name, type, offsetof(struct target_opts, name) }
	ROW(cacert, PROFILE_PATH),
	ROW(cert, PROFILE_PATH),
	ROW(control, PROFILE_PATH),
	ROW(cra_secret, PROFILE_SECRET),
	ROW(cra_secret_file, PROFILE_PATH),
	ROW(cra_user, PROFILE_TEXT),
	ROW(headers, PROFILE_LIST),
	ROW(insecure, PROFILE_FLAG),
	{ "keepalive", PROFILE_DURATION,
	    offsetof(struct target_opts, keepalive_ms) },
	ROW(key, PROFILE_PATH),
	ROW(no_subprotocol, PROFILE_FLAG),
	ROW(origin, PROFILE_TEXT),
	ROW(ticket, PROFILE_SECRET),
	ROW(ticket_file, PROFILE_PATH),
	{ "timeout", PROFILE_DURATION,
	    offsetof(struct target_opts, timeout_ms) },
	ROW(url, PROFILE_TEXT),
#undef ROW
};

#define KEYS	(sizeof(profile_keys) / sizeof(profile_keys[0]))

/* One profile while it is read. */
struct profile {
	struct target_opts *o;
	struct source	    source;
	bool		    secrets;	/* it holds some */
};

/* ---- the file ---- */

/* $XDG_CONFIG_HOME/wamp/profiles.yml, as a C string.  0 or -1. */
static int
profile_path(struct buf *out, struct errbuf *e)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int rc;

	if (config != NULL && config[0] == '/') {
		rc = buf_addf(out, "%s/wamp/profiles.yml", config);
	} else if (home != NULL && home[0] != '\0') {
		rc = buf_addf(out, "%s/.config/wamp/profiles.yml", home);
	} else {
		err_set(e, "profiles need XDG_CONFIG_HOME or HOME");
		return -1;
	}
	if (rc == 0 && buf_cstr(out) != NULL)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

/* The first error, with its place. */
static void
profile_explain(const struct diags *d, struct errbuf *e)
{
	size_t i;

	err_set(e, "out of memory");
	for (i = 0; i < d->n; i++)
		if (d->v[i].level == DIAG_ERROR) {
			err_set(e, "%s", d->v[i].text);
			break;
		}
	if (i == d->n)
		return;
	if (d->v[i].line == 0)
		err_wrap(e, "%s", d->v[i].file);
	else
		err_wrap(e, "%s:%u:%u", d->v[i].file, d->v[i].line,
		    d->v[i].column);
}

/* ---- values ---- */

static char *
profile_copy(struct profile *p, const struct yaml_node *n, const char *text)
{
	char *copy = arena_copy(p->source.mem, slice_str(text));

	if (copy == NULL)
		source_out_of_memory(&p->source, n);
	return copy;
}

/* A relative path is relative to the file. */
static void
profile_set_path(struct profile *p, const char **at,
    const struct yaml_node *n, const char *text)
{
	struct buf path = { 0 };

	if (strcmp(text, "-") == 0)
		*at = profile_copy(p, n, text);
	else if (path_beside(&path, p->source.file, text) == 0)
		*at = profile_copy(p, n, path.data);
	else
		source_out_of_memory(&p->source, n);
	buf_clear(&path);
}

static void
profile_set_duration(struct profile *p, int64_t *at,
    const struct yaml_node *n, const char *text)
{
	struct errbuf e;

	if (num_duration(at, text, &e) == -1)
		source_report(&p->source, DIAG_ERROR, n, "not-a-duration",
		    "%s", e.msg);
}

static void
profile_set_list(struct profile *p, struct opt_list *at,
    const struct yaml_node *n)
{
	const char *text;
	size_t i;

	if (n->kind != YAML_LIST) {
		source_report(&p->source, DIAG_ERROR, n, "not-a-list",
		    "headers must be a list: write ['Name: value']");
		return;
	}
	at->v = arena_alloc(p->source.mem, (n->n + 1) * sizeof(*at->v));
	if (at->v == NULL) {
		source_out_of_memory(&p->source, n);
		return;
	}
	for (i = 0; i < n->n; i++) {
		text = source_text(&p->source, n->items[i], "a header");
		if (text == NULL)
			continue;
		at->v[at->n++] = profile_copy(p, n->items[i], text);
		if (header_is_secret(header_name(text)))
			p->secrets = true;
	}
}

static void
profile_set(struct profile *p, const struct profile_key *key,
    const struct yaml_node *n)
{
	void *at = (char *)p->o + key->at;
	const char *text = NULL;

	if (key->type == PROFILE_LIST) {
		profile_set_list(p, at, n);
		return;
	}
	if (key->type == PROFILE_FLAG) {
		*(bool *)at = source_flag(&p->source, n, key->name);
		return;
	}
	if ((text = source_text(&p->source, n, key->name)) == NULL)
		return;
	if (text[0] == '\0') {
		source_report(&p->source, DIAG_ERROR, n, "empty-value",
		    "%s is empty", key->name);
		return;
	}
	if (key->type == PROFILE_DURATION)
		profile_set_duration(p, at, n, text);
	else if (key->type == PROFILE_PATH)
		profile_set_path(p, at, n, text);
	else
		*(const char **)at = profile_copy(p, n, text);
	if (key->type == PROFILE_SECRET)
		p->secrets = true;
}

static void
profile_read(struct profile *p, const struct yaml_node *mapping)
{
	const struct yaml_node *fields[KEYS] = { NULL };
	const char *known[KEYS + 1];
	size_t i;

	if (mapping->kind != YAML_MAPPING) {
		source_report(&p->source, DIAG_ERROR, mapping,
		    "not-a-mapping", "a profile must be a mapping: write "
		    "{ url: wss://... }");
		return;
	}
	for (i = 0; i < KEYS; i++)
		known[i] = profile_keys[i].name;
	known[KEYS] = NULL;
	source_fields(&p->source, mapping, known, fields, DIAG_ERROR);
	for (i = 0; i < KEYS; i++)
		if (fields[i] != NULL)
			profile_set(p, &profile_keys[i], fields[i]);
	if (p->o->url != NULL && p->o->control != NULL)
		source_report(&p->source, DIAG_ERROR, mapping,
		    "two-servers", "url and control exclude each other");
}

/* ---- the whole ---- */

static void
profile_warn(const char *file, struct errbuf *warning)
{
	struct stat st;

	if (stat(file, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		err_set(warning, "%s holds a secret that others can read: "
		    "chmod 600 it", file);
}

/* "default: NAME" is no profile, but says which one counts when none is
 * named. */
static bool
is_default_key(const struct yaml_node *name, const struct yaml_node *value)
{
	return slice_eq(name->text, SLICE("default")) &&
	    (value->kind == YAML_SCALAR || value->kind == YAML_NULL);
}

/* The node behind "default:", or NULL. */
static const struct yaml_node *
default_node(const struct yaml_node *root)
{
	const struct yaml_node *n = yaml_get(root, "default");

	return n != NULL && n->kind == YAML_SCALAR ? n : NULL;
}

static const struct yaml_node *
profile_get(const struct yaml_node *root, const char *name)
{
	const struct yaml_node *n = yaml_get(root, name);

	return n != NULL && strcmp(name, "default") == 0 &&
	    (n->kind == YAML_SCALAR || n->kind == YAML_NULL) ? NULL : n;
}

static void
profile_suggest(const struct yaml_node *root, const char *name,
    struct errbuf *e)
{
	struct nearest near;
	size_t i;

	nearest_init(&near, name, strlen(name));
	if (root != NULL && root->kind == YAML_MAPPING)
		for (i = 0; i < root->n; i++)
			if (!is_default_key(root->items[i], root->values[i]))
				nearest_try(&near, root->items[i]->text.p);
	err_suggest(e, near.found);
}

/* Say that the default is none of the profiles. */
static enum exit_status
profile_no_default(const struct yaml_node *root, const char *file,
    struct errbuf *e)
{
	const struct yaml_node *n = default_node(root);

	err_set(e, "default: no profile \"%.100s\"", n->text.p);
	profile_suggest(root, n->text.p, e);
	err_wrap(e, "%s:%u:%u", file, n->line, n->column);
	return EXIT_WORK;
}

/* ---- one of them ---- */

/* name NULL, or "default" where that is no profile: the default. */
static enum exit_status
profile_find(const struct yaml_node **found, const struct yaml_node *root,
    const char *file, const char *name, struct errbuf *e)
{
	const struct yaml_node *standard = default_node(root);

	*found = NULL;
	if (name == NULL && standard == NULL)
		return EXIT_DONE;
	if (name == NULL ||
	    (standard != NULL && strcmp(name, "default") == 0)) {
		*found = profile_get(root, standard->text.p);
		return *found != NULL ? EXIT_DONE :
		    profile_no_default(root, file, e);
	}
	if ((*found = profile_get(root, name)) != NULL)
		return EXIT_DONE;
	err_set(e, "%s: no profile \"%s\"", file, name);
	profile_suggest(root, name, e);
	return EXIT_USAGE;
}

/* The file's path, for one profile or its default.  false: there is none, so
 * there is no default. */
static bool
profile_file(struct buf *file, const char *name, enum exit_status *status,
    struct errbuf *e)
{
	struct errbuf none;
	struct stat st;

	*status = name != NULL ? EXIT_WORK : EXIT_DONE;
	if (profile_path(file, name != NULL ? e : &none) == -1)
		return false;
	if (name == NULL && stat(file->data, &st) == -1 &&
	    (errno == ENOENT || errno == ENOTDIR))
		return false;
	*status = EXIT_WORK;
	return true;
}

enum exit_status
profile_load(struct target_opts *o, const char *name, struct arena *mem,
    struct errbuf *warning, struct errbuf *e)
{
	struct profile p = { .o = o };
	struct diags diags = { 0 };
	struct buf file = { 0 };
	struct yaml_doc *doc = NULL;
	const struct yaml_node *found;
	enum exit_status status;

	o->timeout_ms = o->keepalive_ms = -1;
	if (!profile_file(&file, name, &status, e))
		goto out;
	if ((doc = yaml_load_file(file.data, &diags)) == NULL) {
		profile_explain(&diags, e);
		goto out;
	}
	status = profile_find(&found, yaml_root(doc), file.data, name, e);
	if (status != EXIT_DONE || found == NULL)
		goto out;
	p.source = (struct source){ .file = file.data, .diags = &diags,
	    .mem = mem };
	profile_read(&p, found);
	if (diags.errors > 0) {
		profile_explain(&diags, e);
		status = EXIT_WORK;
	} else if (p.secrets) {
		profile_warn(p.source.file, warning);
	}
out:
	yaml_doc_free(doc);
	diag_clear(&diags);
	buf_clear(&file);
	return status;
}

/* ---- all of them ---- */

static int
profile_show(const struct yaml_node *name, const struct yaml_node *value,
    const char *file, const struct yaml_node *standard, profile_each_fn *each,
    void *arg)
{
	struct target_opts o = TARGET_OPTS_INIT;
	struct diags diags = { 0 };
	struct arena mem = { 0 };
	struct errbuf warning = { "" };
	struct profile p = { .o = &o, .source = { .file = file,
	    .diags = &diags, .mem = &mem } };
	const struct profile_seen seen = { .name = name->text.p, .file = file,
	    .line = name->line, .is_default = standard != NULL &&
	    slice_eq(standard->text, name->text), .o = &o, .faults = &diags,
	    .warning = &warning };
	int rc;

	profile_read(&p, value);
	if (p.secrets)
		profile_warn(file, &warning);
	rc = each(arg, &seen);
	diag_clear(&diags);
	arena_clear(&mem);
	return rc;
}

static enum exit_status
profile_show_all(const struct yaml_node *root, const char *file,
    profile_each_fn *each, void *arg, struct errbuf *e)
{
	const struct yaml_node *standard = default_node(root);
	size_t i;

	if (root->kind == YAML_NULL)
		return EXIT_DONE;
	if (root->kind != YAML_MAPPING) {
		err_set(e, "%s:%u:%u: the file must be a mapping from names "
		    "to profiles", file, root->line, root->column);
		return EXIT_WORK;
	}
	for (i = 0; i < root->n; i++)
		if (!is_default_key(root->items[i], root->values[i]) &&
		    profile_show(root->items[i], root->values[i], file,
		    standard, each, arg) == -1) {
			err_set(e, "out of memory");
			return EXIT_WORK;
		}
	if (standard != NULL && profile_get(root, standard->text.p) == NULL)
		return profile_no_default(root, file, e);
	return EXIT_DONE;
}

enum exit_status
profile_each(profile_each_fn *each, void *arg, struct errbuf *e)
{
	struct diags diags = { 0 };
	struct buf file = { 0 };
	struct yaml_doc *doc = NULL;
	enum exit_status status;

	if (!profile_file(&file, NULL, &status, e))
		goto out;
	if ((doc = yaml_load_file(file.data, &diags)) != NULL)
		status = profile_show_all(yaml_root(doc), file.data, each,
		    arg, e);
	else
		profile_explain(&diags, e);
out:
	yaml_doc_free(doc);
	diag_clear(&diags);
	buf_clear(&file);
	return status;
}

struct name_list {
	struct buf *out;
	bool	    failed;
};

static int
list_one(void *arg, const struct profile_seen *p)
{
	struct name_list *l = arg;

	l->failed = buf_addf(l->out, "%s\n", p->name) == -1;
	return l->failed ? -1 : 0;
}

int
profile_list(struct buf *out)
{
	struct name_list list = { .out = out };
	struct errbuf ignored;

	(void)profile_each(list_one, &list, &ignored);
	return list.failed ? -1 : 0;
}
