/*
 * yaml_build.c: libyaml's events become a tree.
 *
 * libyaml yields events; a stack of open collections turns them into nodes.
 * libyaml's own tree (yaml_parser_load) was not used: it has no limits and
 * keeps duplicate keys.  A fault of the syntax ends the reading, all others
 * are collected.
 */
#include "route/yaml_build.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "route/yaml_api.h"
#include "route/yaml_syntax.h"

struct anchor {
	struct slice	  name;
	struct yaml_node *node;
};

struct builder {
	struct yaml_api	   api;
	yaml_parser_t	   parser;
	struct yaml_doc   *doc;
	struct diags	  *diags;	/* borrowed */
	struct slice	   text;	/* borrowed; without byte order mark */
	struct yaml_cursor cursor;	/* at the last event */
	size_t		   nodes;
	void		  *anchors;	/* tsearch() tree of struct anchor,
					 * which are in doc->mem */
	struct yaml_node **pending;	/* owned; members of what is open */
	size_t		   n_pending, cap_pending;
	struct {
		struct yaml_node *node;
		size_t		  first; /* its first member in pending */
		void		 *keys;	 /* tsearch() tree of a mapping's */
	}		   open[YAML_DEPTH_MAX];
	size_t		   depth;
};

static struct yaml_place
event_place(struct builder *b, const yaml_event_t *ev)
{
	return yaml_cursor_place(&b->cursor, b->text, &ev->start_mark);
}

static int
build_no_memory(struct builder *b)
{
	diag_add(b->diags, DIAG_ERROR, b->doc->file, 0, 0, "out-of-memory",
	    "not enough memory to read the file");
	return -1;
}

/* libyaml gave up. */
static int
build_failed(struct builder *b)
{
	if (b->parser.error == YAML_MEMORY_ERROR)
		return build_no_memory(b);
	yaml_syntax_report(&b->parser, b->doc->file, b->text, b->diags);
	return -1;
}

/* ---- nodes ---- */

static struct yaml_node *
node_new(struct builder *b, enum yaml_kind kind, struct yaml_place at)
{
	struct yaml_node *n;

	if (++b->nodes > YAML_NODES_MAX) {
		diag_add(b->diags, DIAG_ERROR, b->doc->file, at.line,
		    at.column, "too-large", "more than %d values: split the "
		    "file", YAML_NODES_MAX);
		return NULL;
	}
	if ((n = arena_alloc(&b->doc->mem, sizeof(*n))) == NULL) {
		(void)build_no_memory(b);
		return NULL;
	}
	n->kind = kind;
	n->line = at.line;
	n->column = at.column;
	return n;
}

/* ---- sets of keys and anchors ----
 *
 * Balanced trees of the C library, not hash maps: these would bring the
 * library of their hash into each tool that can read a file. */

static int
compare_slices(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len > 0 ? memcmp(a.p, b.p, a.len) : 0;
}

static int
compare_keys(const void *a, const void *b)
{
	return compare_slices(((const struct yaml_node *)a)->text,
	    ((const struct yaml_node *)b)->text);
}

static int
compare_anchors(const void *a, const void *b)
{
	return compare_slices(((const struct anchor *)a)->name,
	    ((const struct anchor *)b)->name);
}

static struct anchor *
find_anchor(const struct builder *b, const char *name)
{
	const struct anchor wanted = { .name = slice_str(name) };
	struct anchor *const *found;

	found = tfind(&wanted, &b->anchors, compare_anchors);
	return found != NULL ? *found : NULL;
}

static void
keep(void *item)
{
	(void)item;		/* it is the arena's */
}

static void
forget(void **tree)
{
	tdestroy(*tree, keep);
	*tree = NULL;
}

/* ---- keys ---- */

/* Whether the next node is a key of the innermost mapping. */
static bool
build_awaits_key(const struct builder *b)
{
	return b->depth > 0 &&
	    b->open[b->depth - 1].node->kind == YAML_MAPPING &&
	    (b->n_pending - b->open[b->depth - 1].first) % 2 == 0;
}

static int
build_check_key(struct builder *b, struct yaml_node *key)
{
	const char *file = b->doc->file;
	struct yaml_node *const *twin;

	if (key->kind != YAML_SCALAR) {
		diag_add(b->diags, DIAG_ERROR, file, key->line, key->column,
		    "bad-key", "a key must be text: name it, and quote names "
		    "like '~', 'null' or '{x}'");
		return 0;
	}
	if (!key->quoted && slice_eq(key->text, SLICE("<<"))) {
		diag_add(b->diags, DIAG_ERROR, file, key->line, key->column,
		    "merge-key", "merge keys are not supported: write the "
		    "keys out");
		return 0;
	}
	twin = tsearch(key, &b->open[b->depth - 1].keys, compare_keys);
	if (twin == NULL)
		return build_no_memory(b);
	if (*twin == key)
		return 0;
	diag_add(b->diags, DIAG_ERROR, file, key->line, key->column,
	    "duplicate-key", "the key \"%s\" of line %u is already on line %u: "
	    "remove or rename one of them", key->text.p, key->line,
	    (*twin)->line);
	return 0;
}

/* Put a finished or just opened node where it belongs. */
static int
build_attach(struct builder *b, struct yaml_node *n)
{
	size_t cap, size = sizeof(struct yaml_node *);
	struct yaml_node **v;

	if (b->depth == 0) {
		b->doc->root = n;
		return 0;
	}
	if (build_awaits_key(b) && build_check_key(b, n) == -1)
		return -1;
	if (b->n_pending == b->cap_pending) {
		cap = b->cap_pending == 0 ? 64 : b->cap_pending * 2;
		if ((v = realloc(b->pending, cap * size)) == NULL)
			return build_no_memory(b);
		b->pending = v;
		b->cap_pending = cap;
	}
	b->pending[b->n_pending++] = n;
	return 0;
}

/* Remember &name; a later anchor of that name takes its place (YAML 1.1). */
static int
build_anchor(struct builder *b, const yaml_char_t *name, struct yaml_node *n)
{
	struct slice key;
	struct anchor *a;

	if (name == NULL)
		return 0;
	if ((a = find_anchor(b, (const char *)name)) == NULL) {
		key = slice_str((const char *)name);
		if ((a = arena_alloc(&b->doc->mem, sizeof(*a))) == NULL ||
		    (key.p = arena_copy(&b->doc->mem, key)) == NULL)
			return build_no_memory(b);
		a->name = key;
		if (tsearch(a, &b->anchors, compare_anchors) == NULL)
			return build_no_memory(b);
	}
	a->node = n;
	return 0;
}

/* Whether the tag says that a text is a text; whatever else it says would have
 * to be ignored. */
static bool
build_check_tag(struct builder *b, const yaml_char_t *tag, struct yaml_node *n)
{
	if (tag == NULL || strcmp((const char *)tag, YAML_STR_TAG) == 0)
		return tag != NULL;
	n->tagged = true;
	if (!b->doc->tags)
		diag_add(b->diags, DIAG_ERROR, b->doc->file, n->line,
		    n->column, "unsupported-tag", "the tag \"%s\" has no "
		    "meaning here: remove it", (const char *)tag);
	return false;
}

static bool
text_is_null(struct slice s)
{
	return s.len == 0 || slice_eq(s, SLICE("~")) ||
	    slice_eq(s, SLICE("null")) || slice_eq(s, SLICE("Null")) ||
	    slice_eq(s, SLICE("NULL"));
}

/* ---- events ---- */

static int
on_scalar(struct builder *b, const yaml_event_t *ev)
{
	struct yaml_place at = event_place(b, ev);
	struct slice text = slice_of((const char *)ev->data.scalar.value,
	    ev->data.scalar.length);
	struct yaml_node *n;

	if ((n = node_new(b, YAML_SCALAR, at)) == NULL)
		return -1;
	n->quoted = build_check_tag(b, ev->data.scalar.tag, n) ||
	    ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (!n->quoted && text_is_null(text)) {
		n->kind = YAML_NULL;
	} else {
		n->text.len = text.len;
		n->text.p = arena_copy(&b->doc->mem, text);
		if (n->text.p == NULL)
			return build_no_memory(b);
	}
	if (text.len > 0 && memchr(text.p, '\0', text.len) != NULL)
		diag_add(b->diags, DIAG_ERROR, b->doc->file, at.line,
		    at.column, "nul-in-text", "the text contains a NUL "
		    "character: remove the \\0");
	if (build_anchor(b, ev->data.scalar.anchor, n) == -1)
		return -1;
	return build_attach(b, n);
}

/* The anchor's own node; a null in its place when there is none. */
static int
on_alias(struct builder *b, const yaml_event_t *ev)
{
	const char *name = (const char *)ev->data.alias.anchor;
	struct anchor *a = find_anchor(b, name);
	struct yaml_place at = event_place(b, ev);
	struct yaml_node *n = a != NULL ? a->node : NULL;
	size_t i;

	if (n == NULL)
		diag_add(b->diags, DIAG_ERROR, b->doc->file, at.line,
		    at.column, "unknown-alias", "no anchor \"&%s\" is defined "
		    "before this alias: add it, or quote a value that begins "
		    "with *", name);
	for (i = 0; n != NULL && i < b->depth; i++) {
		if (b->open[i].node != n)
			continue;
		diag_add(b->diags, DIAG_ERROR, b->doc->file, at.line,
		    at.column, "recursive-alias", "the alias \"*%s\" is inside "
		    "its own anchor of line %u", name, n->line);
		n = NULL;
	}
	if (n == NULL && (n = node_new(b, YAML_NULL, at)) == NULL)
		return -1;
	return build_attach(b, n);
}

static int
build_open(struct builder *b, const yaml_event_t *ev, enum yaml_kind kind,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct yaml_place at = event_place(b, ev);
	struct yaml_node *n;

	if (b->depth == YAML_DEPTH_MAX) {
		diag_add(b->diags, DIAG_ERROR, b->doc->file, at.line,
		    at.column, "too-deep", "nested deeper than %d levels",
		    YAML_DEPTH_MAX);
		return -1;
	}
	if ((n = node_new(b, kind, at)) == NULL)
		return -1;
	(void)build_check_tag(b, tag, n);
	if (build_anchor(b, anchor, n) == -1 || build_attach(b, n) == -1)
		return -1;
	b->open[b->depth].node = n;
	b->open[b->depth].first = b->n_pending;
	b->open[b->depth].keys = NULL;
	b->depth++;
	return 0;
}

/* Close the innermost collection: its members move from the stack to the
 * node, a mapping's in turns to items and values. */
static int
build_close(struct builder *b)
{
	size_t i, total, step, first = b->open[--b->depth].first;
	struct yaml_node *n = b->open[b->depth].node;
	struct yaml_node **v;

	forget(&b->open[b->depth].keys);
	total = b->n_pending - first;
	b->n_pending = first;
	if (total == 0)
		return 0;
	v = arena_alloc(&b->doc->mem, total * sizeof(struct yaml_node *));
	if (v == NULL)
		return build_no_memory(b);
	step = n->kind == YAML_MAPPING ? 2 : 1;
	n->n = total / step;
	n->items = v;
	n->values = step == 2 ? v + n->n : NULL;
	for (i = 0; i < total; i++)
		v[i % step * n->n + i / step] = b->pending[first + i];
	return 0;
}

static int
on_document_start(struct builder *b, const yaml_event_t *ev)
{
	struct yaml_place at = event_place(b, ev);

	if (b->doc->root == NULL)
		return 0;
	diag_add(b->diags, DIAG_ERROR, b->doc->file, at.line, at.column,
	    "several-documents", "a second document begins here, but a file "
	    "may have only one: remove the \"---\" or split the file");
	return -1;
}

static int
build_event(struct builder *b, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		return on_document_start(b, ev);
	case YAML_SCALAR_EVENT:
		return on_scalar(b, ev);
	case YAML_ALIAS_EVENT:
		return on_alias(b, ev);
	case YAML_SEQUENCE_START_EVENT:
		return build_open(b, ev, YAML_LIST,
		    ev->data.sequence_start.anchor,
		    ev->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return build_open(b, ev, YAML_MAPPING,
		    ev->data.mapping_start.anchor,
		    ev->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return build_close(b);
	default:
		return 0;	/* stream and document borders */
	}
}

/* Events until the end, or until one that cannot be got over. */
static int
build_run(struct builder *b)
{
	bool more = true;
	yaml_event_t ev;
	int rc = 0;

	while (more && rc == 0 && !diags_full(b->diags)) {
		if (!b->api.yaml_parser_parse(&b->parser, &ev))
			return build_failed(b);
		more = ev.type != YAML_STREAM_END_EVENT;
		rc = build_event(b, &ev);
		b->api.yaml_event_delete(&ev);
	}
	if (rc == -1 || b->doc->root != NULL)
		return rc;
	b->doc->root = node_new(b, YAML_NULL, (struct yaml_place){ 1, 1 });
	return b->doc->root != NULL ? 0 : -1;
}

int
yaml_build(struct yaml_doc *doc, struct slice text, struct diags *d)
{
	struct builder b = { .doc = doc, .diags = d, .text = text };
	size_t before = d->errors;
	struct errbuf e;

	if (yaml_api_load(&b.api, &e) == -1) {
		diag_add(d, DIAG_ERROR, doc->file, 0, 0, "no-library", "%s",
		    e.msg);
		return -1;
	}
	if (!b.api.yaml_parser_initialize(&b.parser))
		return build_no_memory(&b);
	b.api.yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	b.api.yaml_parser_set_input_string(&b.parser,
	    (const unsigned char *)text.p, text.len);
	(void)build_run(&b);	/* what went wrong is in *d */
	forget(&b.anchors);
	while (b.depth > 0)
		forget(&b.open[--b.depth].keys);
	free(b.pending);
	b.api.yaml_parser_delete(&b.parser);
	return d->errors == before ? 0 : -1;
}
