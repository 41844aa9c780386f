/*
 * declare_value.c: the values of a handler's keys.
 */
#include "route/declare_value.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/num.h"
#include "proto/json.h"

/* ---- single values ---- */

static void
report_value(const struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, const char *why)
{
	source_report(r->source, DIAG_ERROR, n, "bad-value", "%s: %s",
	    k->name, why);
}

void
declare_read_flag(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	*(bool *)at = source_flag(r->source, n, k->name);
}

void
declare_read_text(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	if (source_text(r->source, n, k->name) != NULL)
		*(const char **)at = declare_keep(r->table, n->text);
}

void
declare_read_count(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	const char *text = source_text(r->source, n, k->name);
	struct errbuf e;

	if (text != NULL && num_int(at, text, 1, k->max, &e) == -1)
		report_value(r, k, n, e.msg);
}

void
declare_read_size(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	const char *text = source_text(r->source, n, k->name);
	uint64_t *size = at;
	struct errbuf e;

	if (text == NULL)
		return;
	if (num_size(size, text, &e) == -1)
		report_value(r, k, n, e.msg);
	else if (*size == 0)
		report_value(r, k, n, "0 lets no event pass: leave the key "
		    "out for any size");
}

void
declare_read_duration(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	const char *text = source_text(r->source, n, k->name);
	struct errbuf e;

	if (text == NULL)
		return;
	if (num_duration(at, text, &e) == -1)
		report_value(r, k, n, e.msg);
	else if (*(int64_t *)at == 0)
		report_value(r, k, n, "must be more than 0");
}

/* A flag, or the level itself. */
void
declare_read_log(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	const char *text = source_text(r->source, n, k->name);
	enum log_level level = LOG_LEVEL_INFO;
	bool on = true;

	if (text == NULL)
		return;
	if (log_level_parse(&level, text) == -1 && yaml_bool(&on, n) == -1)
		report_value(r, k, n, "write true, false, error, warning, "
		    "info or debug");
	*(int *)at = on ? (int)level : DECLARE_LOG_NONE;
}

const char *const declare_overflow_words[] = {
	[DECLARE_DISCONNECT] = "disconnect",
	[DECLARE_DROP_OLDEST] = "drop-oldest",
	[DECLARE_DROP_NEWEST] = "drop-newest",
	NULL
};

void
declare_read_overflow(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	const char *text = source_text(r->source, n, k->name);
	int i;

	if (text == NULL)
		return;
	for (i = 0; declare_overflow_words[i] != NULL; i++)
		if (strcmp(declare_overflow_words[i], text) == 0) {
			*(int *)at = i;
			return;
		}
	report_value(r, k, n, "write disconnect, drop-oldest or drop-newest");
}

/* A text as a JSON string: what an event is made of. */
void
declare_read_message(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	struct buf json = { 0 };

	if (source_text(r->source, n, k->name) == NULL)
		return;
	if (json_quote(&json, n->text) == -1)
		r->table->failed = true;
	*(const char **)at = declare_keep(r->table, buf_slice(&json));
	buf_clear(&json);
}

/* A path, relative to the file's folder, which is the default. */
void
declare_read_folder(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	const char **folder = at;
	struct buf path = { 0 };

	if (source_text(r->source, n, k->name) == NULL)
		return;
	if ((n->text.p[0] != '/' &&
	    buf_addf(&path, "%s/", r->h->exec.cwd) == -1) ||
	    buf_add_slice(&path, n->text) == -1)
		r->table->failed = true;
	*folder = declare_keep(r->table, buf_slice(&path));
	buf_clear(&path);
}

/* ---- who may ---- */

/* false when the text is no word of an access list. */
static bool
grant_parse(struct declarations *t, struct declare_grant *g,
    const struct yaml_node *n)
{
	struct slice name;

	if (!declare_who_parse(n->text, &g->who, &name))
		return false;
	if (name.len > 0)
		g->name = declare_keep(t, name);
	g->at = (struct declare_place){ n->line, n->column };
	return true;
}

/* Read one word; false when it is none. */
static bool
add_grant(struct declare_reading *r, struct declare_right *right,
    struct declare_grant *v, const struct yaml_node *n)
{
	if (n->kind != YAML_SCALAR ||
	    !grant_parse(r->table, &v[right->n_grants], n))
		return false;
	right->n_grants++;
	return true;
}

static void
report_word(const struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n)
{
	struct buf list = { 0 };
	const char *text = declare_who_list(&list) == 0 ? buf_cstr(&list) :
	    NULL;

	source_report(r->source, DIAG_ERROR, n, "bad-value", "%s: write %s, "
	    "or a list of them", k->name, text != NULL ? text : "anyone");
	buf_clear(&list);
}

/* A list of words, or one word. */
static void
read_grants(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, struct declare_right *right)
{
	struct declare_grant *v;
	size_t i;

	if ((v = declare_alloc(r->table, (n->n + 1) * sizeof(*v))) == NULL)
		return;
	right->grants = v;
	right->n_grants = 0;
	right->at = (struct declare_place){ n->line, n->column };
	if (n->kind != YAML_LIST && !add_grant(r, right, v, n))
		report_word(r, k, n);
	for (i = 0; n->kind == YAML_LIST && i < n->n; i++)
		if (!add_grant(r, right, v, n->items[i]))
			report_word(r, k, n->items[i]);
}

/* libjq takes half a minute for a program of a megabyte. */
static void
read_program(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, struct declare_right *right)
{
	*right = declare_rights[DECLARE_SUBSCRIBE];
	declare_read_text(r, k, n, &right->program);
	right->line = n->line;
	right->column = n->column;
	if (n->text.len > DECLARE_PROGRAM_MAX)
		source_report(r->source, DIAG_ERROR, n, "too-large", "%s: a "
		    "program of more than %d bytes: use type "
		    "exec", k->name, DECLARE_PROGRAM_MAX);
}

/* Who may, a program, or { who: ..., program: ... }.  A program without a word
 * about who may is asked about everyone. */
void
declare_read_right(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	static const char *const names[] = { "who", "program", NULL };
	const struct yaml_node *fields[2] = { n, NULL };
	struct declare_right *right = at;
	enum declare_who who;
	struct slice name;

	if (r->programs && n->kind == YAML_MAPPING) {
		fields[0] = NULL;
		source_fields(r->source, n, names, fields, DIAG_ERROR);
	} else if (r->programs && n->kind == YAML_SCALAR &&
	    !declare_who_parse(n->text, &who, &name)) {
		fields[0] = NULL;
		fields[1] = n;
	}
	if (fields[1] != NULL)
		read_program(r, k, fields[1], right);
	if (fields[0] != NULL)
		read_grants(r, k, fields[0], right);
}

/* ---- values with keys of their own ---- */

/* "10", or { events: 10, burst: 20 }. */
void
declare_read_rate(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	static const char *const names[] = { "events", "burst", NULL };
	const struct yaml_node *fields[2] = { NULL, NULL };
	int64_t *rate = at;

	if (n->kind == YAML_MAPPING)
		source_fields(r->source, n, names, fields, DIAG_ERROR);
	else
		fields[0] = n;
	if (fields[0] == NULL)
		report_value(r, k, n, "add \"events:\", how many a second");
	else
		declare_read_count(r, k, fields[0], rate);
	r->h->burst = *rate;
	if (fields[1] != NULL)
		declare_read_count(r, k, fields[1], &r->h->burst);
}

static bool
is_number(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.len > 0;
}

/* A flag, or how long. */
void
declare_read_retain(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	struct handler_decl *h = at;
	const char *text = source_text(r->source, n, k->name);
	struct errbuf e;

	if (text == NULL || yaml_bool(&h->retain, n) == 0)
		return;
	if (is_number(n->text) ||
	    num_duration(&h->retain_time, text, &e) == -1 ||
	    h->retain_time == 0)
		report_value(r, k, n, "write true, false, or how long, such "
		    "as 1h");
	h->retain = true;
}

/* 100, 1h or { events: 100, time: 1h }. */
void
declare_read_history(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	static const char *const names[] = { "events", "time", NULL };
	const struct yaml_node *fields[2] = { NULL, NULL };
	struct handler_decl *h = at;

	if (n->kind == YAML_MAPPING) {
		source_fields(r->source, n, names, fields, DIAG_ERROR);
		if (n->n == 0)
			report_value(r, k, n,
			    "write { events: 100, time: 1h }");
	} else {
		fields[is_number(n->text) ? 0 : 1] = n;
	}
	if (fields[0] != NULL)
		declare_read_count(r, k, fields[0], &h->history_events);
	if (fields[1] != NULL)
		declare_read_duration(r, k, fields[1], &h->history_time);
}

/* { min: 100ms, max: 30s }, the times between restarts. */
void
declare_read_restart(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	static const char *const names[] = { "min", "max", NULL };
	const struct yaml_node *fields[2] = { NULL, NULL };
	struct declare_exec *exec = at;

	if (n->kind != YAML_MAPPING) {
		report_value(r, k, n, "write { min: 100ms, max: 30s }");
		return;
	}
	source_fields(r->source, n, names, fields, DIAG_ERROR);
	if (fields[0] != NULL)
		declare_read_duration(r, k, fields[0], &exec->restart_min);
	if (fields[1] != NULL)
		declare_read_duration(r, k, fields[1], &exec->restart_max);
	if (exec->restart_min > exec->restart_max)
		report_value(r, k, n, "min must not be more than max");
}

#define ENV_MAX		1000	/* variables of a program */

static bool
has_variable(const struct declare_exec *exec, const char *name)
{
	size_t i;

	for (i = 0; i < exec->n_env; i++)
		if (strcmp(exec->env[i].name, name) == 0)
			return true;
	return false;
}

/* One variable: NAME alone, which is the broker's, or with a value. */
static void
read_variable(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *name, const struct yaml_node *value)
{
	struct declare_exec *exec = &r->h->exec;
	struct declare_env *v = &exec->env[exec->n_env];

	if (source_text(r->source, name, k->name) == NULL)
		return;
	v->name = declare_keep(r->table, name->text);
	if (v->name[0] == '\0' || strchr(v->name, '=') != NULL)
		report_value(r, k, name, "the name of a variable has at "
		    "least one character and no =");
	else if (has_variable(exec, v->name))
		report_value(r, k, name, "a variable is given twice");
	if (value != NULL && value->kind != YAML_NULL)
		declare_read_text(r, k, value, &v->value);
	exec->n_env++;
}

static void
read_variables(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *mapping)
{
	size_t i;

	for (i = 0; i < mapping->n; i++)
		read_variable(r, k, mapping->items[i], mapping->values[i]);
}

/* How many variables a list or a mapping can have at most. */
static size_t
count_variables(const struct yaml_node *n)
{
	size_t i, count = n->n;

	for (i = 0; n->kind == YAML_LIST && i < n->n; i++)
		count += n->items[i]->n;
	return count;
}

/* { NAME: VALUE }, where a null stands for the broker's value, or a list of
 * NAME, which is the same, and { NAME: VALUE }. */
void
declare_read_env(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	struct declare_exec *exec = at;
	size_t i, max = count_variables(n);

	if (n->kind == YAML_SCALAR || max > ENV_MAX) {
		report_value(r, k, n, n->kind == YAML_SCALAR ?
		    "write { NAME: VALUE }, or [NAME] to pass the broker's "
		    "value on" : "more than 1000 variables");
		return;
	}
	exec->env = declare_alloc(r->table, (max + 1) * sizeof(*exec->env));
	exec->n_env = 0;
	if (exec->env == NULL)
		return;
	if (n->kind == YAML_MAPPING)
		read_variables(r, k, n);
	for (i = 0; n->kind == YAML_LIST && i < n->n; i++) {
		if (n->items[i]->kind == YAML_MAPPING)
			read_variables(r, k, n->items[i]);
		else
			read_variable(r, k, n->items[i], NULL);
	}
}

/* What a shell would not take literally in a command. */
#define SHELL_CHARS	"|&;<>()$`\\\"'*?[]{}#~!\n"

/* Split a command on blanks into argv, which has room; argc. */
static size_t
command_split(struct declarations *t, const char **argv, const char *p)
{
	size_t n = 0, len;

	for (p += strspn(p, " \t"); *p != '\0'; p += strspn(p, " \t")) {
		len = strcspn(p, " \t");
		argv[n++] = declare_keep(t, slice_of(p, len));
		p += len;
	}
	return n;
}

/* A list is what it says; a text may want a shell. */
void
declare_read_command(struct declare_reading *r, const struct declare_key *k,
    const struct yaml_node *n, void *at)
{
	size_t words = n->kind == YAML_LIST ? n->n : n->text.len / 2 + 3;
	struct declare_exec *exec = at;
	const char **argv;
	size_t argc = 0;

	argv = declare_alloc(r->table, (words + 1) * sizeof(const char *));
	if (argv == NULL)
		return;
	if (n->kind == YAML_LIST) {
		for (; argc < n->n; argc++)
			declare_read_text(r, k, n->items[argc], &argv[argc]);
	} else if (source_text(r->source, n, k->name) == NULL) {
		return;
	} else if (strpbrk(n->text.p, SHELL_CHARS) == NULL) {
		argc = command_split(r->table, argv, n->text.p);
	} else {
		argv[argc++] = "/bin/sh";
		argv[argc++] = "-c";
		argv[argc++] = declare_keep(r->table, n->text);
	}
	if (argc == 0 || (argv[0] != NULL && argv[0][0] == '\0'))
		report_value(r, k, n, "name a program");
	exec->argv = argv;
}
