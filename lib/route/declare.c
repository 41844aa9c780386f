/*
 * declare.c: declared handlers: reading all of them, and printing them.
 */
#include "route/declare.h"

#include <stdlib.h>
#include <string.h>

#include "route/declare_key.h"
#include "route/declare_service.h"
#include "route/declare_table.h"
#include "route/yaml.h"
#include "route/yaml_write.h"

/* All of `handlers:`. */
static void
read_handlers(struct declarations *t, const struct declare_source *src,
    struct diags *d)
{
	const struct source s = { .file = src->file, .diags = d,
	    .mem = &t->mem };
	const struct yaml_node *n = src->handlers;
	size_t i;

	if (n == NULL || n->kind == YAML_NULL)
		return;
	if (n->kind != YAML_MAPPING) {
		source_report(&s, DIAG_ERROR, n, "not-a-mapping", "handlers "
		    "must be a mapping: write \"NAME: { type: TYPE }\"");
		t->partial = true;
		return;
	}
	for (i = 0; i < n->n && !t->failed && !diags_full(d); i++)
		declare_read(t, &s, n->items[i], n->values[i]);
}

/* Those of wampd.yml; declare_services() makes use of them. */
static void
keep_parameters(struct declarations *t, const struct declare_source *src,
    struct diags *d)
{
	const struct source s = { .file = src->file, .diags = d,
	    .mem = &t->mem };
	const struct yaml_node *value, *n = src->parameters;
	struct declare_parameter *p;
	size_t i;

	if (n == NULL || n->kind != YAML_MAPPING)
		return;
	if ((p = declare_alloc(t, (n->n + 1) * sizeof(*p))) == NULL)
		return;
	t->parameters = p;
	t->n_parameters = n->n;
	for (i = 0; i < n->n; i++, p++) {
		p->name = declare_keep(t, n->items[i]->text);
		value = n->values[i];
		if (value->kind != YAML_NULL && source_text(&s, value,
		    "a parameter") != NULL)
			p->value = declare_keep(t, value->text);
	}
}

struct declarations *
declare_load(const struct declare_source *src, struct diags *d)
{
	struct declarations *t = declare_table();

	if (t != NULL) {
		read_handlers(t, src, d);
		keep_parameters(t, src, d);
		declare_services(t, src, d);
		if (!t->failed)
			return t;
	}
	diag_add(d, DIAG_ERROR, src->file, 0, 0, "out-of-memory",
	    "not enough memory for the handlers");
	declare_free(t);
	return NULL;
}

bool
declare_is_whole(const struct declarations *t)
{
	return !t->partial;
}

size_t
declare_count(const struct declarations *t)
{
	return t->n;
}

const struct handler_decl *
declare_at(const struct declarations *t, size_t index)
{
	return t->v[index];
}

/* The same lines as comments. */
static int
add_comment(struct buf *out, struct slice lines)
{
	const char *p = lines.p, *end = lines.p + lines.len, *nl;
	int rc = 0;

	for (; p < end && rc == 0; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		rc = buf_add_str(out, "  #");
		if (rc == 0)
			rc = buf_add(out, p, (size_t)(nl - p) + 1);
	}
	return rc;
}

static int
print_service(struct buf *out, const struct handler_decl *h, struct errbuf *e)
{
	struct buf lines = { 0 };
	int rc = declare_print(&lines, h, e);

	if (rc == 0 && (buf_add_str(out, "  # of a service file:\n") == -1 ||
	    add_comment(out, buf_slice(&lines)) == -1)) {
		err_set(e, "out of memory");
		rc = -1;
	}
	buf_clear(&lines);
	return rc;
}

int
declare_print_handlers(struct buf *out, const struct declarations *t,
    struct errbuf *e)
{
	const struct handler_decl *h;
	size_t i;

	for (i = 0; i < t->n; i++) {
		h = t->v[i];
		if ((h->service ? print_service : declare_print)(out, h,
		    e) == -1) {
			err_wrap(e, "%s", h->name);
			return -1;
		}
	}
	return 0;
}

int
declare_print_parameters(struct buf *out, const struct declarations *t,
    struct errbuf *e)
{
	const struct declare_parameter *p = t->parameters;
	size_t i;
	int rc = 0;

	for (i = 0; i < t->n_parameters && rc == 0; i++, p++) {
		rc = yaml_write_key(out, 2, slice_str(p->name));
		if (rc == 0 && p->value != NULL &&
		    (buf_add_char(out, ' ') == -1 ||
		    yaml_write_text(out, 2, slice_str(p->value)) == -1))
			rc = -1;
		if (rc == 0)
			rc = buf_add_char(out, '\n');
	}
	if (rc == -1)
		err_set(e, "out of memory");
	return rc;
}

void
declare_free(struct declarations *t)
{
	if (t == NULL)
		return;
	map_clear(&t->by_name);
	arena_clear(&t->mem);
	free(t->v);
	free(t);
}
