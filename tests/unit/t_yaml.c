/*
 * t_yaml.c: YAML trees: kinds, places, limits, hostile files.
 */
#include "route/yaml.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tap.h"

static struct yaml_doc *
load(const char *text, struct diags *d)
{
	return yaml_load_text("t.yml", slice_str(text), d);
}

/* The text must be refused with one error of that rule at that place. */
static void
refused_slice(struct slice text, const char *rule, unsigned line,
    unsigned column, const char *name)
{
	struct diags d = { 0 };
	struct yaml_doc *doc = yaml_load_text("t.yml", text, &d);

	tap_ok(doc == NULL, "%s: refused", name);
	if (tap_int(d.n, 1, "%s: one diagnostic", name)) {
		tap_str(d.v[0].rule, rule, "%s: rule", name);
		tap_int(d.v[0].line, line, "%s: line", name);
		tap_int(d.v[0].column, column, "%s: column", name);
	}
	yaml_doc_free(doc);
	diag_clear(&d);
}

static void
refused(const char *text, const char *rule, unsigned line, unsigned column,
    const char *name)
{
	refused_slice(slice_str(text), rule, line, column, name);
}

static void
node_is(const struct yaml_node *n, enum yaml_kind kind, unsigned line,
    unsigned column, const char *name)
{
	tap_ok(n != NULL, "%s is there", name);
	if (n == NULL)
		return;
	tap_int(n->kind, kind, "%s: kind", name);
	tap_int(n->line, line, "%s: line", name);
	tap_int(n->column, column, "%s: column", name);
}

static void
test_tree(void)
{
	struct diags d = { 0 };
	struct yaml_doc *doc = load("a: x\r\n"
	    "\"\303\251\": [1, ~, 'null', \303\251, y]\n"
	    "m:\n"
	    "  \303\251: {k: v}\n", &d);
	const struct yaml_node *root, *list;

	if (!tap_ok(doc != NULL, "a small file is read"))
		return;
	root = yaml_root(doc);
	tap_str(yaml_file(doc), "t.yml", "the file's name is kept");
	node_is(root, YAML_MAPPING, 1, 1, "root");
	tap_int(root->n, 3, "root has three keys");
	node_is(yaml_get(root, "a"), YAML_SCALAR, 1, 4, "a");
	tap_slice(yaml_get(root, "a")->text, "x", "the text of a");
	list = yaml_get(root, "\303\251");
	node_is(list, YAML_LIST, 2, 7, "list (columns are bytes)");
	node_is(list->items[1], YAML_NULL, 2, 11, "~");
	node_is(list->items[2], YAML_SCALAR, 2, 14, "'null'");
	tap_ok(list->items[2]->quoted, "'null' is quoted");
	tap_ok(!list->items[0]->quoted, "1 is not");
	node_is(list->items[4], YAML_SCALAR, 2, 26, "behind a wide letter");
	node_is(yaml_get(yaml_get(root, "m"), "\303\251"), YAML_MAPPING, 4, 7,
	    "nested mapping");
	tap_ok(yaml_get(root, "none") == NULL, "a key that is not there");
	tap_ok(yaml_get(list, "a") == NULL, "a list has no keys");
	yaml_doc_free(doc);
	diag_clear(&d);
}

static void
test_empty(void)
{
	static const char *const texts[] = { "", "# only this\n", "~\n",
	    "---\n...\n", "\xef\xbb\xbf" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct diags d = { 0 };
		struct yaml_doc *doc = load(texts[i], &d);

		tap_ok(doc != NULL && yaml_root(doc)->kind == YAML_NULL,
		    "empty file %zu has a null root", i);
		yaml_doc_free(doc);
		diag_clear(&d);
	}
}

static void
test_scalars(void)
{
	struct diags d = { 0 };
	struct yaml_doc *doc;
	const struct yaml_node *root;

	doc = load("- |\n  a\n  b\n- \"x\\ty\"\n- !!str ~\n- NULL\n- nULL\n"
	    "- \"\"\n", &d);
	if (!tap_ok(doc != NULL, "texts of all kinds are read"))
		return;
	root = yaml_root(doc);
	tap_slice(root->items[0]->text, "a\nb\n", "literal text");
	tap_ok(root->items[0]->quoted, "literal text counts as quoted");
	tap_slice(root->items[1]->text, "x\ty", "escapes");
	tap_int(root->items[2]->kind, YAML_SCALAR, "!!str makes ~ a text");
	tap_int(root->items[3]->kind, YAML_NULL, "NULL is null");
	tap_int(root->items[4]->kind, YAML_SCALAR, "nULL is a text");
	tap_int(root->items[5]->kind, YAML_SCALAR, "\"\" is a text");
	yaml_doc_free(doc);
}

static void
test_bool(void)
{
	static const struct {
		const char *text;
		int	    want;	/* -1: none */
	} cases[] = {
		{ "true", 1 }, { "True", 1 }, { "TRUE", 1 }, { "tRUE", -1 },
		{ "yes", 1 }, { "on", 1 }, { "false", 0 }, { "No", 0 },
		{ "OFF", 0 }, { "'true'", -1 }, { "1", -1 }, { "~", -1 },
		{ "[]", -1 },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct diags d = { 0 };
		struct yaml_doc *doc = load(cases[i].text, &d);
		bool value = false;
		int rc = yaml_bool(&value, yaml_root(doc));

		tap_int(rc == -1 ? -1 : value, cases[i].want, "yaml_bool: %s",
		    cases[i].text);
		yaml_doc_free(doc);
	}
}

static void
test_aliases(void)
{
	struct diags d = { 0 };
	struct yaml_doc *doc = load("a: &x [1]\nb: *x\nc: &x 2\nd: *x\n", &d);
	const struct yaml_node *root;

	if (!tap_ok(doc != NULL, "aliases are read"))
		return;
	root = yaml_root(doc);
	tap_ok(yaml_get(root, "b") == yaml_get(root, "a"),
	    "an alias is its anchor's node");
	tap_ok(yaml_get(root, "d") == yaml_get(root, "c"),
	    "an anchor may be given anew");
	yaml_doc_free(doc);
	refused("a: *none\n", "unknown-alias", 1, 4, "unknown alias");
	refused("a: &x\n  - *x\n", "recursive-alias", 2, 5, "alias in itself");
}

/* A billion laughs: 40 levels of ten aliases each are 40 small nodes. */
static void
test_alias_bomb(void)
{
	struct buf text = { 0 };
	struct diags d = { 0 };
	struct yaml_doc *doc;
	int i, k;

	(void)buf_add_str(&text, "a0: &a0 [x]\n");
	for (i = 1; i < 40; i++) {
		(void)buf_addf(&text, "a%d: &a%d [", i, i);
		for (k = 0; k < 10; k++)
			(void)buf_addf(&text, "*a%d, ", i - 1);
		(void)buf_add_str(&text, "]\n");
	}
	doc = yaml_load_text("bomb.yml", buf_slice(&text), &d);
	if (tap_ok(doc != NULL, "an alias bomb stays small")) {
		tap_int(yaml_root(doc)->n, 40, "all its keys are there");
		tap_int(yaml_root(doc)->values[39]->n, 10,
		    "the last has ten members");
	}
	yaml_doc_free(doc);
	buf_clear(&text);
	diag_clear(&d);
}

static void
test_depth(void)
{
	char text[2 * YAML_DEPTH_MAX + 3] = "";
	struct diags d = { 0 };
	struct yaml_doc *doc;

	memset(text, '[', YAML_DEPTH_MAX);
	memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
	doc = load(text, &d);
	tap_ok(doc != NULL, "%d levels are allowed", YAML_DEPTH_MAX);
	yaml_doc_free(doc);
	memset(text, '[', YAML_DEPTH_MAX + 1);
	memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
	refused(text, "too-deep", 1, YAML_DEPTH_MAX + 1, "one level more");
}

/* A file of n bytes: a quoted text fills it. */
static void
test_size(void)
{
	size_t n = YAML_FILE_MAX;
	char *text = malloc(n + 1);
	struct diags d = { 0 };
	struct yaml_doc *doc;

	tap_ok(text != NULL, "memory for a large file");
	if (text == NULL)
		return;
	memset(text, 'x', n + 1);
	text[0] = '"';
	text[n - 1] = '"';
	doc = yaml_load_text("t.yml", slice_of(text, n), &d);
	if (tap_ok(doc != NULL, "a huge text is read"))
		tap_int(yaml_root(doc)->text.len, n - 2, "and is whole");
	yaml_doc_free(doc);
	refused_slice(slice_of(text, n + 1), "too-large", 0, 0,
	    "a file over the limit");
	free(text);
}

static void
test_many_errors(void)
{
	struct buf text = { 0 };
	struct diags d = { 0 };
	int i;

	for (i = 0; i < 3 * DIAGS_MAX; i++)
		(void)buf_add_str(&text, "- *x\n");
	tap_ok(yaml_load_text("t.yml", buf_slice(&text), &d) == NULL,
	    "a file full of errors is refused");
	tap_int(d.n, DIAGS_MAX, "and given up after %d", DIAGS_MAX);
	buf_clear(&text);
	diag_clear(&d);
}

static void
test_refusals(void)
{
	refused("a: 1\nb: 2\n\"a\": 3\n", "duplicate-key", 3, 1,
	    "duplicate key");
	refused("x: {a: 1, a: 2}\n", "duplicate-key", 1, 11,
	    "duplicate key in a flow mapping");
	refused("a:\n\tb: 1\n", "yaml-syntax", 2, 1, "tab");
	refused("a: \"\\d\"\n", "yaml-syntax", 1, 5, "escape");
	refused("\303\251: [1\n", "yaml-syntax", 2, 1, "open list");
	refused("[a]: 1\n", "bad-key", 1, 1, "list as a key");
	refused("~: 1\n", "bad-key", 1, 1, "null as a key");
	refused("a: {}\nb:\n  <<: {}\n", "merge-key", 3, 3, "merge key");
	refused("a: !php/object x\n", "unsupported-tag", 1, 4, "tag");
	refused("a: !!binary R0lG\n", "unsupported-tag", 1, 4, "binary tag");
	refused("a: 1\n---\nb: 2\n", "several-documents", 2, 1, "documents");
	refused("a: \"x\\0\"\n", "nul-in-text", 1, 4, "NUL");
	refused("a: 1\nb: \377\n", "yaml-encoding", 2, 4, "invalid UTF-8");
	refused("a: \300\200\n", "yaml-encoding", 1, 4, "overlong UTF-8");
	refused("a: \001\n", "yaml-encoding", 1, 4, "control character");
	refused("\177ELF\002", "yaml-encoding", 1, 1, "a binary file");
	refused_slice(slice_of("a\0b", 3), "yaml-encoding", 1, 2, "raw NUL");
	refused_slice(slice_of("\377\376a\0:\0 \0b\0", 10), "yaml-encoding",
	    1, 1, "UTF-16");
}

static void
test_files(void)
{
	struct diags d = { 0 };

	tap_ok(yaml_load_file("/nonexistent/x.yml", &d) == NULL &&
	    d.errors == 1, "a missing file is an error");
	tap_ok(d.n == 1 && d.v[0].line == 0, "without a line");
	tap_ok(yaml_load_file("/", &d) == NULL && d.errors == 2,
	    "a folder is an error");
	diag_clear(&d);
}

int
main(void)
{
	test_tree();
	test_empty();
	test_scalars();
	test_bool();
	test_aliases();
	test_alias_bomb();
	test_depth();
	test_size();
	test_many_errors();
	test_refusals();
	test_files();
	return tap_done();
}
