/*
 * opt.c: command-line options from one table.
 */
#include "base/opt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/opt_row.h"
#include "base/opt_show.h"
#include "base/opt_value.h"
#include "base/utf8.h"
#include "base/version.h"

void
opt_clear(const struct opt_spec *spec)
{
	const struct opt *o;
	struct opt_list *l;

	for (o = spec->rows; !opt_is_end(o); o++)
		if (o->type == OPT_LIST || o->type == OPT_PAIR) {
			l = o->at;
			free(l->v);
			*l = (struct opt_list){ 0 };
		}
}

static enum opt_outcome
opt_builtin(const struct opt_spec *spec, const struct opt *o, bool all)
{
	if (o->short_name == 'h')
		opt_show_help(spec, all);
	else
		printf("%s %s\n", spec->name, WAMP_VERSION);
	return OPT_DONE;
}

/* ---- unknown options ---- */

#define NAME_SHOWN	64	/* bytes; a longer name is cut */

/* The beginning of a name is only used for a hint.  If abbreviations were
 * accepted, a later version with a similar name would break scripts. */
static void
try_names(const struct opt *rows, struct nearest *near)
{
	for (; !opt_is_end(rows); rows++)
		if (rows->type != OPT_HEADING && rows->long_name != NULL)
			nearest_try(near, rows->long_name);
}

static enum opt_outcome
unknown_long(const struct opt_spec *spec, const char *name, size_t len,
    struct errbuf *e)
{
	int shown = (int)(len < NAME_SHOWN ? len : NAME_SHOWN);
	struct nearest near;

	nearest_init(&near, name, len);
	try_names(spec->rows, &near);
	try_names(opt_builtin_rows, &near);
	if (near.found != NULL)
		err_set(e, "unknown option --%.*s, did you mean --%s?", shown,
		    name, near.found);
	else
		err_set(e, "unknown option --%.*s, see %s --help", shown,
		    name, spec->name);
	return OPT_USAGE;
}

/* text begins with the option's letter, which may not be ASCII. */
static enum opt_outcome
unknown_short(const struct opt_spec *spec, const char *text, struct errbuf *e)
{
	size_t len = utf8_sequence(slice_str(text));

	if (text[0] >= '0' && text[0] <= '9') {
		err_set(e, "unknown option -%c: put -- before an operand that "
		    "begins with a minus", text[0]);
		return OPT_USAGE;
	}
	err_set(e, "unknown option -%.*s, see %s --help",
	    (int)(len > 0 ? len : 1), text, spec->name);
	return OPT_USAGE;
}

/* ---- parsing ---- */

/* Store the value; errors begin with the option as it was written. */
static enum opt_outcome
opt_apply(const struct opt *o, const char *value, const char *shown,
    size_t shown_len, struct errbuf *e)
{
	if (opt_store(o, value, e) == 0)
		return OPT_RUN;
	err_wrap(e, "%.*s", (int)shown_len, shown);
	return OPT_USAGE;
}

/* argv[*i] is "--name" or "--name=value". */
static enum opt_outcome
parse_long(const struct opt_spec *spec, int argc, char **argv, int *i,
    struct errbuf *e)
{
	const char *arg = argv[*i], *name = arg + 2, *eq = strchr(name, '=');
	size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
	const struct opt *o;
	enum opt_outcome rc;

	if ((o = opt_find_long(spec, name, len)) == NULL)
		return unknown_long(spec, name, len, e);
	if (!opt_takes_value(o)) {
		if (eq != NULL) {
			err_set(e, "--%s takes no value", o->long_name);
			return OPT_USAGE;
		}
		if (o->at == NULL)
			return opt_builtin(spec, o, true);
		return opt_apply(o, NULL, arg, len + 2, e);
	}
	if (eq == NULL && ++*i >= argc) {
		err_set(e, "--%s needs %s: %s", o->long_name,
		    o->type == OPT_PAIR ? "two values" : "a value", o->arg);
		return OPT_USAGE;
	}
	rc = opt_apply(o, eq != NULL ? eq + 1 : argv[*i], arg, len + 2, e);
	if (rc != OPT_RUN || o->type != OPT_PAIR)
		return rc;
	if (++*i >= argc) {
		err_set(e, "--%s needs two values: %s", o->long_name, o->arg);
		return OPT_USAGE;
	}
	return opt_apply(o, argv[*i], arg, len + 2, e);
}

/* argv[*i] is "-x", "-xyz" or "-xVALUE". */
static enum opt_outcome
parse_short(const struct opt_spec *spec, int argc, char **argv, int *i,
    struct errbuf *e)
{
	const char *p;
	const struct opt *o;
	char shown[3] = "-?";
	enum opt_outcome rc;

	for (p = argv[*i] + 1; *p != '\0'; p++) {
		if ((o = opt_find_short(spec, *p)) == NULL)
			return unknown_short(spec, p, e);
		if (o->at == NULL)
			return opt_builtin(spec, o, false);
		shown[1] = *p;
		if (opt_takes_value(o))
			break;
		if ((rc = opt_apply(o, NULL, shown, 2, e)) != OPT_RUN)
			return rc;
	}
	if (*p == '\0')
		return OPT_RUN;
	if (p[1] == '\0' && ++*i >= argc) {
		err_set(e, "%s needs a value: %s", shown, o->arg);
		return OPT_USAGE;
	}
	return opt_apply(o, p[1] != '\0' ? p + 1 : argv[*i], shown, 2, e);
}

enum opt_outcome
opt_parse(const struct opt_spec *spec, int argc, char **argv,
    struct opt_list *operands, struct errbuf *e)
{
	bool ended = false;
	enum opt_outcome rc;
	int i;

	if (argc > 1 && strcmp(argv[1], "--complete") == 0) {
		if (argc > 2)
			return OPT_COMPLETE;
		opt_show_rows(spec);
		return OPT_DONE;
	}
	for (i = 1; i < argc; i++) {
		if (ended || argv[i][0] != '-' || argv[i][1] == '\0') {
			if (opt_list_add(operands, argv[i]) == -1) {
				err_set(e, "out of memory");
				return OPT_USAGE;
			}
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			ended = true;
			continue;
		}
		rc = argv[i][1] == '-' ?
		    parse_long(spec, argc, argv, &i, e) :
		    parse_short(spec, argc, argv, &i, e);
		if (rc != OPT_RUN)
			return rc;
	}
	return OPT_RUN;
}
