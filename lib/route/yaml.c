/*
 * yaml.c: YAML documents: read, ask, free.  The building is in yaml_build.c.
 */
#include "route/yaml.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "route/yaml_build.h"

enum load { LOAD_PLAIN, LOAD_TAGGED, LOAD_SECRET };

static struct yaml_doc *
doc_new(const char *file)
{
	struct arena mem = { 0 };
	struct yaml_doc *doc;

	if ((doc = arena_alloc(&mem, sizeof(*doc))) == NULL ||
	    (doc->file = arena_copy(&mem, slice_str(file))) == NULL) {
		arena_clear(&mem);
		return NULL;
	}
	doc->mem = mem;
	return doc;
}

static struct yaml_doc *
load_text(const char *file, struct slice text, enum load how,
    struct diags *d)
{
	struct yaml_doc *doc;

	if (text.len > YAML_FILE_MAX) {
		diag_add(d, DIAG_ERROR, file, 0, 0, "too-large",
		    "larger than %u bytes: split the file", YAML_FILE_MAX);
		return NULL;
	}
	if ((doc = doc_new(file)) == NULL) {
		diag_add(d, DIAG_ERROR, file, 0, 0, "out-of-memory",
		    "not enough memory to read the file");
		return NULL;
	}
	doc->tags = how == LOAD_TAGGED;
	doc->secret = how == LOAD_SECRET;
	/* libyaml counts the mark as a column; no editor does. */
	if (yaml_build(doc, utf8_unmark(text), d) == -1) {
		yaml_doc_free(doc);
		return NULL;
	}
	return doc;
}

static struct yaml_doc *
load_file(const char *file, enum load how, struct diags *d)
{
	struct yaml_doc *doc = NULL;
	struct buf text = { 0 };
	struct errbuf e;

	if (io_read_file(&text, file, YAML_FILE_MAX, &e) == -1)
		diag_add(d, DIAG_ERROR, file, 0, 0, "unreadable-file", "%s",
		    e.msg);
	else
		doc = load_text(file, buf_slice(&text), how, d);
	buf_clear(&text);
	return doc;
}

struct yaml_doc *
yaml_load_text(const char *file, struct slice text, struct diags *d)
{
	return load_text(file, text, LOAD_PLAIN, d);
}

struct yaml_doc *
yaml_load_file(const char *file, struct diags *d)
{
	return load_file(file, LOAD_PLAIN, d);
}

struct yaml_doc *
yaml_load_file_tagged(const char *file, struct diags *d)
{
	return load_file(file, LOAD_TAGGED, d);
}

struct yaml_doc *
yaml_load_file_secret(const char *file, struct diags *d)
{
	struct yaml_doc *doc = NULL;
	struct secret text = { 0 };
	struct errbuf e;

	if (secret_read(&text, file, YAML_FILE_MAX, &e) == -1)
		diag_add(d, DIAG_ERROR, file, 0, 0, "unreadable-file", "%s",
		    e.msg);
	else
		doc = load_text(file, secret_slice(&text), LOAD_SECRET, d);
	secret_clear(&text);
	return doc;
}

const struct yaml_node *
yaml_root(const struct yaml_doc *doc)
{
	return doc->root;
}

const char *
yaml_file(const struct yaml_doc *doc)
{
	return doc->file;
}

const struct yaml_node *
yaml_get(const struct yaml_node *mapping, const char *key)
{
	size_t i;

	if (mapping->kind != YAML_MAPPING)
		return NULL;
	for (i = 0; i < mapping->n; i++)
		if (slice_eq(mapping->items[i]->text, slice_str(key)))
			return mapping->values[i];
	return NULL;
}

int
yaml_bool(bool *out, const struct yaml_node *scalar)
{
	static const char *const words[][2] = {
		{ "false", "true" }, { "False", "True" }, { "FALSE", "TRUE" },
		{ "no", "yes" }, { "No", "Yes" }, { "NO", "YES" },
		{ "off", "on" }, { "Off", "On" }, { "OFF", "ON" },
	};
	size_t i, value;

	if (scalar->kind != YAML_SCALAR || scalar->quoted)
		return -1;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (value = 0; value < 2; value++) {
			if (strcmp(scalar->text.p, words[i][value]) != 0)
				continue;
			*out = value == 1;
			return 0;
		}
	}
	return -1;
}

void
yaml_doc_free(struct yaml_doc *doc)
{
	struct arena mem;

	if (doc == NULL)
		return;
	mem = doc->mem;		/* it holds the document itself */
	if (doc->secret)
		arena_wipe(&mem);
	else
		arena_clear(&mem);
}
