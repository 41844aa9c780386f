/*
 * parameters.c: parameters of a Symfony container, and texts that use them.
 */
#include "route/parameters.h"

#include <string.h>

#define PARAMETER_USES_MAX	64	/* in one text, one in another */
#define PARAMETER_TEXT_MAX	4096	/* bytes: names and numbers */

struct parameter {
	struct slice name;
	const struct yaml_node *value;	/* in a file */
	struct slice text;		/* of one that is in no file */
};

static const struct parameter defaults[] = {
	{ .name = { "oro_sync.websocket_ping.interval", 32 },
	  .text = { "50", 2 } },
};

static struct slice
parameter_key(const void *value)
{
	return ((const struct parameter *)value)->name;
}

/* Add one, in the place of one of its name. */
static int
parameter_put(struct parameters *p, const struct parameter *new)
{
	struct parameter *at = map_find(&p->by_name, new->name);

	if (at == NULL) {
		if ((at = arena_alloc(&p->mem, sizeof(*at))) == NULL)
			return -1;
		at->name = new->name;
		if (map_insert(&p->by_name, at) == -1)
			return -1;
	}
	*at = *new;
	return 0;
}

int
parameters_init(struct parameters *p)
{
	size_t i;

	*p = (struct parameters){ 0 };
	map_init(&p->by_name, parameter_key);
	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (parameter_put(p, &defaults[i]) == -1)
			return -1;
	return 0;
}

int
parameters_add(struct parameters *p, const struct source *s,
    const struct yaml_node *mapping)
{
	size_t i;

	if (mapping == NULL || mapping->kind == YAML_NULL)
		return 0;
	if (mapping->kind != YAML_MAPPING) {
		source_report(s, DIAG_ERROR, mapping, "not-a-mapping",
		    "parameters must be a mapping: write \"NAME: VALUE\"");
		return 0;
	}
	for (i = 0; i < mapping->n; i++) {
		const struct parameter new = {
			.name = mapping->items[i]->text,
			.value = mapping->values[i],
		};

		if (parameter_put(p, &new) == -1)
			return -1;
	}
	return 0;
}

/* ---- using them ---- */

struct expansion {
	const struct parameters *parameters;
	const struct source	*source;
	const struct yaml_node	*at;	/* where it is used */
	struct buf		*out;
	unsigned		 uses;
};

static int expand_text(struct expansion *x, struct slice text);

static int
fault(const struct expansion *x, const char *rule, struct slice name,
    const char *what)
{
	source_report(x->source, DIAG_ERROR, x->at, rule, "the parameter "
	    "\"%.*s\" %s", (int)name.len, name.p, what);
	return -1;
}

static int
expand_parameter(struct expansion *x, struct slice name)
{
	const struct parameter *p = map_find(&x->parameters->by_name, name);

	if (p == NULL)
		return fault(x, "unknown-parameter", name, "is not set: add it "
		    "under \"parameters:\" in wampd.yml");
	if (p->value != NULL &&
	    (p->value->kind != YAML_SCALAR || p->value->tagged))
		return fault(x, "bad-parameter", name, "is no text here: set "
		    "it under \"parameters:\" in wampd.yml");
	if (x->uses++ == PARAMETER_USES_MAX)
		return fault(x, "recursive-parameter", name, "refers to "
		    "itself, or to too many others");
	return expand_text(x, p->value != NULL ? p->value->text : p->text);
}

/* The name between two %, or an empty slice: Symfony allows no blanks. */
static struct slice
reference_name(struct slice text)
{
	const char *end = memchr(text.p + 1, '%', text.len - 1);
	struct slice name;

	if (end == NULL)
		return slice_of(text.p, 0);
	name = slice_of(text.p + 1, (size_t)(end - text.p) - 1);
	if (memchr(name.p, ' ', name.len) != NULL)
		name.len = 0;
	return name;
}

static int
expand_text(struct expansion *x, struct slice text)
{
	struct slice name;
	size_t used = 1;
	int rc = 0;

	for (; text.len > 0 && rc == 0; text.p += used, text.len -= used) {
		used = 1;
		if (x->out->len >= PARAMETER_TEXT_MAX)
			return fault(x, "bad-parameter", text, "makes a text "
			    "that is too long");
		if (text.p[0] != '%') {
			rc = buf_add_char(x->out, text.p[0]);
		} else if (slice_starts(text, SLICE("%%"))) {
			rc = buf_add_char(x->out, '%');
			used = 2;
		} else if ((name = reference_name(text)).len > 0) {
			rc = expand_parameter(x, name);
			used = name.len + 2;
		} else {
			rc = buf_add_char(x->out, '%');
		}
	}
	return rc;
}

int
parameters_expand(const struct parameters *p, const struct source *s,
    const struct yaml_node *n, struct buf *out)
{
	struct expansion x = { .parameters = p, .source = s, .at = n,
	    .out = out };

	size_t before = s->diags->errors;

	if (n->kind != YAML_SCALAR || n->tagged)
		source_report(s, DIAG_ERROR, n, "not-text", "only text can be "
		    "read here: declare the handler under \"handlers:\" in "
		    "wampd.yml");
	else if (expand_text(&x, n->text) == 0 && buf_cstr(out) != NULL)
		return 0;
	if (s->diags->errors == before)
		source_out_of_memory(s, n);
	return -1;
}

void
parameters_clear(struct parameters *p)
{
	map_clear(&p->by_name);
	arena_clear(&p->mem);
}
