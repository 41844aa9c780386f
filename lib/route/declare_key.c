/*
 * declare_key.c: one handler of wampd.yml, read and printed: its type and its
 * keys.
 *
 * A type is a row of types, a key one of keys, which says to which types it
 * belongs.  A key elsewhere is an error: it would do nothing there.
 */
#include "route/declare_key.h"

#include <string.h>

#include "base/buf.h"
#include "route/declare_value.h"
#include "route/schema.h"
#include "route/yaml_write.h"

/* Bits, so that a key can belong to several. */
enum {
	BROADCAST = 1,
	SECURED = 2,
	PING = 4,
	JQ = 8,
	EXEC = 16,
	ALL = 31,
};

static const struct type {
	const char *name;
	unsigned    bit;
	int64_t	    timeout;	/* ms, by default */
} types[] = {
	{ "broadcast", BROADCAST, 0 },
	{ "secured", SECURED, 0 },
	{ "ping", PING, 0 },
	{ "jq", JQ, 100 },
	{ "exec", EXEC, 5000 },
};

#define TYPES		(sizeof(types) / sizeof(types[0]))

#define COUNT_MAX	1000000000
#define HISTORY_MAX	1000000	/* events of a topic */
#define POOL_MAX	64	/* processes; a machine has so many cores */
#define AT(field)	offsetof(struct handler_decl, field)

static const struct declare_key keys[] = {
	{ "subscribe", ALL, declare_read_right, declare_print_right,
	  AT(rights[DECLARE_SUBSCRIBE]), 0 },
	{ "publish", ALL, declare_read_right, declare_print_right,
	  AT(rights[DECLARE_PUBLISH]), 0 },
	{ "call", ALL, declare_read_right, declare_print_right,
	  AT(rights[DECLARE_CALL]), 0 },
	{ "retain", ALL, declare_read_retain, declare_print_retain, 0, 0 },
	{ "history", ALL, declare_read_history, declare_print_history, 0,
	  HISTORY_MAX },
	{ "overflow", ALL, declare_read_overflow, declare_print_overflow,
	  AT(overflow), 0 },
	{ "rate", ALL, declare_read_rate, declare_print_rate,
	  AT(rate), COUNT_MAX },
	{ "max_size", ALL, declare_read_size, declare_print_size,
	  AT(max_size), 0 },
	{ "log", ALL, declare_read_log, declare_print_log, AT(log), 0 },
	{ "parameter", SECURED, declare_read_text, declare_print_text,
	  AT(secured.parameter), 0 },
	{ "wildcard", SECURED, declare_read_flag, declare_print_flag,
	  AT(secured.wildcard), 0 },
	{ "interval", PING, declare_read_duration, declare_print_duration,
	  AT(ping.interval), 0 },
	{ "message", PING, declare_read_message, declare_print_message,
	  AT(ping.message), 0 },
	{ "command", EXEC, declare_read_command, declare_print_command,
	  AT(exec), 0 },
	{ "cwd", EXEC, declare_read_folder, declare_print_folder,
	  AT(exec.cwd), 0 },
	{ "env", EXEC, declare_read_env, declare_print_env, AT(exec), 0 },
	{ "timeout", JQ | EXEC, declare_read_duration, declare_print_duration,
	  AT(timeout), 0 },
	{ "pool", EXEC, declare_read_count, declare_print_count,
	  AT(exec.pool), POOL_MAX },
	{ "queue", EXEC, declare_read_count, declare_print_count,
	  AT(exec.queue), COUNT_MAX },
	{ "restart", EXEC, declare_read_restart, declare_print_restart,
	  AT(exec), 0 },
	{ "tick", EXEC, declare_read_duration, declare_print_duration,
	  AT(exec.tick), 0 },
};

#define KEYS		(sizeof(keys) / sizeof(keys[0]))

static const struct declare_key *
key_find(struct slice name)
{
	size_t i;

	for (i = 0; i < KEYS; i++)
		if (slice_eq(name, slice_str(keys[i].name)))
			return &keys[i];
	return NULL;
}

/* Append the names of the types that are in the set: "jq, exec". */
static const char *
type_names(struct buf *out, unsigned set)
{
	size_t i;

	for (i = 0; i < TYPES; i++)
		if ((types[i].bit & set) != 0)
			(void)buf_addf(out, "%s%s", out->len > 0 ? ", " : "",
			    types[i].name);
	return buf_cstr(out);
}

static void
report_unknown_key(const struct declare_reading *r, const struct yaml_node *key)
{
	struct buf list = { 0 };
	const char *text;
	size_t i;

	for (i = 0; i < KEYS; i++)
		if ((keys[i].types & r->type) != 0)
			(void)buf_addf(&list, ", %s", keys[i].name);
	text = buf_cstr(&list);
	source_report(r->source, DIAG_ERROR, key, "unknown-key", "unknown "
	    "key \"%s\": type %s has type%s", key->text.p, r->h->type,
	    text != NULL ? text : "");
	buf_clear(&list);
}

static void
read_key(struct declare_reading *r, const struct yaml_node *name,
    const struct yaml_node *value)
{
	const struct declare_key *k = key_find(name->text);
	struct buf list = { 0 };
	const char *text;

	if (k == NULL) {
		report_unknown_key(r, name);
	} else if ((k->types & r->type) == 0) {
		text = type_names(&list, k->types);
		source_report(r->source, DIAG_ERROR, name, "key-of-other-type",
		    "\"%s\" does nothing for type %s, only for %s: remove it",
		    k->name, r->h->type, text != NULL ? text : "others");
		buf_clear(&list);
	} else if (value->kind != YAML_NULL) {
		k->read(r, k, value, (char *)r->h + k->at);
	}
}

/* The type that the definition names; NULL with the error reported. */
static const struct type *
read_type(const struct source *s, const struct yaml_node *name,
    const struct yaml_node *value)
{
	const struct yaml_node *n = yaml_get(value, "type");
	struct buf list = { 0 };
	const char *text = type_names(&list, ALL);
	size_t i;

	for (i = 0; n != NULL && i < TYPES; i++)
		if (slice_eq(n->text, slice_str(types[i].name))) {
			buf_clear(&list);
			return &types[i];
		}
	if (n == NULL || n->kind == YAML_NULL)
		source_report(s, DIAG_ERROR, name, "missing-key", "the "
		    "handler \"%s\" has no type: add \"type:\" and one of %s",
		    name->text.p, text != NULL ? text : "those there are");
	else if (source_text(s, n, "the type") != NULL)
		source_report(s, DIAG_ERROR, n, "unknown-type", "there is no "
		    "type \"%s\": write one of %s", n->text.p,
		    text != NULL ? text : "those there are");
	buf_clear(&list);
	return NULL;
}

/* What a type cannot do without. */
static void
check_complete(const struct declare_reading *r)
{
	const struct declare_right *right = r->h->rights;
	bool given = false;
	size_t i;

	for (i = 0; i < DECLARE_ACTIONS; i++)
		given |= right[i].program != NULL;
	if (r->programs && !given)
		source_report(r->source, DIAG_ERROR, r->name, "missing-key",
		    "the handler \"%s\" has no program: give one as "
		    "\"subscribe:\", \"publish:\" or \"call:\"", r->h->name);
	if (r->type == EXEC && r->h->exec.argv == NULL)
		source_report(r->source, DIAG_ERROR, r->name, "missing-key",
		    "the handler \"%s\" has no program: add \"command:\"",
		    r->h->name);
}

void
declare_read(struct declarations *t, const struct source *s,
    const struct yaml_node *name, const struct yaml_node *value)
{
	struct declare_reading r = { .table = t, .source = s, .name = name };
	size_t i, before = s->diags->errors;
	const struct type *type;

	if (name->text.len == 0) {
		source_report(s, DIAG_ERROR, name, "bad-name", "a handler "
		    "needs a name: write the one that its routes use");
		return;
	}
	if (value->kind != YAML_MAPPING) {
		source_report(s, DIAG_ERROR, name, "not-a-mapping", "the "
		    "handler \"%s\" must be a mapping: write "
		    "{ type: broadcast }", name->text.p);
		type = NULL;
	} else {
		type = read_type(s, name, value);
	}
	r.h = declare_new(t, type != NULL ? type->name : types[0].name,
	    name->text, s->file, name);
	if (r.h == NULL)
		return;
	if (type != NULL) {
		r.type = type->bit;
		r.programs = type->bit == JQ;
		r.h->timeout = type->timeout;
		for (i = 0; i < value->n; i++)
			if (!slice_eq(value->items[i]->text, SLICE("type")))
				read_key(&r, value->items[i],
				    value->values[i]);
		check_complete(&r);
	}
	r.h->faulty = s->diags->errors != before;
	declare_put(t, r.h);
}

/* ---- printing ---- */

static unsigned
type_bit(const char *name)
{
	unsigned bit = 0;
	size_t i;

	for (i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			bit = types[i].bit;
	return bit;
}

static int
print_key(struct buf *out, const struct handler_decl *h,
    const struct declare_key *k, struct errbuf *e)
{
	if (buf_addf(out, "    %s:", k->name) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	if (k->print(out, h, (const char *)h + k->at, e) == -1) {
		err_wrap(e, "%s", k->name);
		return -1;
	}
	if (buf_add_char(out, '\n') == 0)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

int
declare_print(struct buf *out, const struct handler_decl *h, struct errbuf *e)
{
	unsigned type = type_bit(h->type);
	size_t i;
	int rc = 0;

	if (yaml_write_key(out, 2, slice_str(h->name)) == -1 ||
	    buf_addf(out, "\n    type: %s\n", h->type) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	for (i = 0; i < KEYS && rc == 0; i++)
		if ((keys[i].types & type) != 0)
			rc = print_key(out, h, &keys[i], e);
	return rc;
}

/* ---- comparing ---- */

/* Whether the key has the same value in both, as it would be printed.  What
 * cannot be printed is taken for different. */
static bool
same_value(const struct handler_decl *a, const struct handler_decl *b,
    const struct declare_key *k)
{
	struct buf x = { 0 }, y = { 0 };
	struct errbuf e;
	bool same = print_key(&x, a, k, &e) == 0 &&
	    print_key(&y, b, k, &e) == 0 &&
	    slice_eq(buf_slice(&x), buf_slice(&y));

	buf_clear(&x);
	buf_clear(&y);
	return same;
}

int
declare_compare(struct buf *out, const struct handler_decl *a,
    const struct handler_decl *b)
{
	unsigned type = type_bit(a->type);
	size_t i, n = 0;

	if (type != type_bit(b->type))
		return buf_add_str(out, "type");
	for (i = 0; i < KEYS; i++)
		if ((keys[i].types & type) != 0 &&
		    !same_value(a, b, &keys[i]) && buf_addf(out, "%s%s",
		    n++ > 0 ? ", " : "", keys[i].name) == -1)
			return -1;
	return 0;
}

/* ---- the schema ---- */

/* What check_complete() asks of a type, as far as a schema can tell. */
static const char *
schema_needs(const struct type *t)
{
	switch (t->bit) {
	case EXEC:
		return "\"required\":[\"type\",\"command\"]";
	case JQ:
		return "\"required\":[\"type\"],\"anyOf\":["
		    "{\"required\":[\"subscribe\"]},"
		    "{\"required\":[\"publish\"]},"
		    "{\"required\":[\"call\"]}]";
	default:
		return "\"required\":[\"type\"]";
	}
}

static int
schema_type(struct buf *out, const struct type *t)
{
	size_t i;

	if (buf_addf(out, "{\"type\":\"object\",%s,"
	    "\"additionalProperties\":false,\"properties\":{\"type\":"
	    "{\"const\":\"%s\"}", schema_needs(t), t->name) == -1)
		return -1;
	for (i = 0; i < KEYS; i++)
		if ((keys[i].types & t->bit) != 0 &&
		    (buf_addf(out, ",\"%s\":", keys[i].name) == -1 ||
		    declare_schema_key(out, &keys[i], t->bit == JQ) == -1))
			return -1;
	return buf_add_str(out, "}}");
}

int
schema_handlers(struct buf *out)
{
	size_t i;

	if (buf_add_str(out, "{\"type\":[\"object\",\"null\"],"
	    "\"additionalProperties\":{\"oneOf\":[") == -1)
		return -1;
	for (i = 0; i < TYPES; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    schema_type(out, &types[i]) == -1)
			return -1;
	return buf_add_str(out, "]}}");
}
