/*
 * profile.c: named sets of what options say of a server.
 */
#include "client/profile.h"

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

static void
profile_suggest(const struct yaml_node *root, const char *name,
    struct errbuf *e)
{
	struct nearest near;
	size_t i;

	nearest_init(&near, name, strlen(name));
	if (root != NULL && root->kind == YAML_MAPPING)
		for (i = 0; i < root->n; i++)
			nearest_try(&near, root->items[i]->text.p);
	err_suggest(e, near.found);
}

static enum exit_status
profile_find(struct profile *p, const struct yaml_doc *doc, const char *name,
    struct errbuf *warning, struct errbuf *e)
{
	const struct yaml_node *found = yaml_get(yaml_root(doc), name);

	if (found == NULL) {
		err_set(e, "%s: no profile \"%s\"", p->source.file, name);
		profile_suggest(yaml_root(doc), name, e);
		return EXIT_USAGE;
	}
	profile_read(p, found);
	if (p->source.diags->errors > 0) {
		profile_explain(p->source.diags, e);
		return EXIT_WORK;
	}
	if (p->secrets)
		profile_warn(p->source.file, warning);
	return EXIT_DONE;
}

enum exit_status
profile_load(struct target_opts *o, const char *name, struct arena *mem,
    struct errbuf *warning, struct errbuf *e)
{
	struct profile p = { .o = o };
	struct diags diags = { 0 };
	struct buf file = { 0 };
	struct yaml_doc *doc = NULL;
	enum exit_status status = EXIT_WORK;

	o->timeout_ms = o->keepalive_ms = -1;
	if (profile_path(&file, e) == -1)
		goto out;
	if ((doc = yaml_load_file(file.data, &diags)) == NULL) {
		profile_explain(&diags, e);
		goto out;
	}
	p.source = (struct source){ .file = file.data, .diags = &diags,
	    .mem = mem };
	status = profile_find(&p, doc, name, warning, e);
out:
	yaml_doc_free(doc);
	diag_clear(&diags);
	buf_clear(&file);
	return status;
}

int
profile_list(struct buf *out)
{
	const struct yaml_node *root;
	struct diags diags = { 0 };
	struct buf file = { 0 };
	struct yaml_doc *doc = NULL;
	struct errbuf ignored;
	size_t i;
	int rc = 0;

	if (profile_path(&file, &ignored) == 0)
		doc = yaml_load_file(file.data, &diags);
	root = doc != NULL ? yaml_root(doc) : NULL;
	if (root != NULL && root->kind == YAML_MAPPING)
		for (i = 0; i < root->n && rc == 0; i++)
			rc = buf_addf(out, "%s\n", root->items[i]->text.p);
	yaml_doc_free(doc);
	diag_clear(&diags);
	buf_clear(&file);
	return rc;
}
