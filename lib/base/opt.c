/*
 * opt.c: command-line options from one table.
 */
#include "base/opt.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/version.h"

/* Rows every program has; at is unused, opt_builtin() acts on them. */
static const struct opt builtin_rows[] = {
	{ .short_name = 'h', .long_name = "help", .type = OPT_FLAG,
	  .help = "show the most used options; --help: all" },
	{ .short_name = 'V', .long_name = "version", .type = OPT_FLAG,
	  .help = "show the version" },
	{ .long_name = NULL }
};

static bool
opt_is_end(const struct opt *o)
{
	return o->short_name == 0 && o->long_name == NULL &&
	    o->type != OPT_HEADING;
}

static bool
opt_takes_value(const struct opt *o)
{
	return o->type != OPT_FLAG && o->type != OPT_COUNT;
}

int
opt_list_add(struct opt_list *l, const char *v)
{
	size_t cap = l->n == 0 ? 1 : l->n * 2;
	const char **grown;

	/* Full at each power of two. */
	if ((l->n & (l->n - 1)) == 0) {
		grown = realloc(l->v, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		l->v = grown;
	}
	l->v[l->n++] = v;
	return 0;
}

static const struct opt *
find_short(const struct opt *rows, char c)
{
	for (; !opt_is_end(rows); rows++)
		if (rows->type != OPT_HEADING && rows->short_name == c)
			return rows;
	return NULL;
}

static const struct opt *
find_long(const struct opt *rows, const char *name, size_t len)
{
	for (; !opt_is_end(rows); rows++)
		if (rows->type != OPT_HEADING && rows->long_name != NULL &&
		    strlen(rows->long_name) == len &&
		    memcmp(rows->long_name, name, len) == 0)
			return rows;
	return NULL;
}

/* ---- help ---- */

static void
help_row(const struct opt *o)
{
	char left[64];
	int n;

	if (o->type == OPT_HEADING) {
		printf("%s:\n", o->help);
		return;
	}
	n = snprintf(left, sizeof(left), "  %c%c%s%s%s%s%s",
	    o->short_name ? '-' : ' ', o->short_name ? o->short_name : ' ',
	    o->short_name && o->long_name ? ", " : "  ",
	    o->long_name ? "--" : "", o->long_name ? o->long_name : "",
	    o->arg ? " " : "", o->arg ? o->arg : "");
	printf("%-30s%s%s\n", left, n >= 30 ? " " : "", o->help);
}

static bool
help_has(const struct opt *o, bool all)
{
	return all || !o->rare;
}

/* A heading with no row below it is left out. */
static bool
help_heads(const struct opt *heading, bool all)
{
	const struct opt *o = heading + 1;

	for (; !opt_is_end(o) && o->type != OPT_HEADING; o++)
		if (help_has(o, all))
			return true;
	return false;
}

static void
help_print(const struct opt_spec *spec, bool all)
{
	const struct opt *o;

	printf("usage: %s %s\n%s\n\n", spec->name, spec->synopsis,
	    spec->summary);
	for (o = spec->rows; !opt_is_end(o); o++)
		if (o->type == OPT_HEADING ? help_heads(o, all) :
		    help_has(o, all))
			help_row(o);
	for (o = builtin_rows; !opt_is_end(o); o++)
		help_row(o);
}

/* ---- --complete: the rows for the completion scripts ---- */

static const char *const complete_names[] = { "none", "file", "topic",
    "procedure", "route", "words" };

/* "a b<TAB>" */
static void
complete_words(const char *const *words)
{
	size_t i;

	if (words == NULL)
		printf("-");
	for (i = 0; words != NULL && words[i] != NULL; i++)
		printf("%s%s", i ? " " : "", words[i]);
	printf("\t");
}

/* "--long<TAB>-s<TAB>value's kind<TAB>words<TAB>help"; "-" for nothing. */
static void
complete_row(const struct opt *o)
{
	if (o->type == OPT_HEADING)
		return;
	printf("%s%s\t", o->long_name ? "--" : "-",
	    o->long_name ? o->long_name : "");
	if (o->short_name != 0)
		printf("-%c\t", o->short_name);
	else
		printf("-\t");
	printf("%s\t", opt_takes_value(o) ? complete_names[
	    o->type == OPT_CHOICE ? OPT_C_WORDS : o->complete] : "flag");
	complete_words(o->type == OPT_CHOICE ? o->choices : NULL);
	printf("%s\n", o->help);
}

static void
complete_print(const struct opt_spec *spec)
{
	const struct opt *o;

	printf("operand\t-\t%s\t", complete_names[spec->operand]);
	complete_words(spec->words);
	printf("%s\n", spec->summary);
	for (o = spec->rows; !opt_is_end(o); o++)
		complete_row(o);
	for (o = builtin_rows; !opt_is_end(o); o++)
		complete_row(o);
}

static enum opt_outcome
opt_builtin(const struct opt_spec *spec, const struct opt *o, bool all)
{
	if (o->short_name == 'h')
		help_print(spec, all);
	else
		printf("%s %s\n", spec->name, WAMP_VERSION);
	return OPT_DONE;
}

/* ---- the nearest known option ---- */

#define NEAR_MAX	32	/* longer names are not compared */

/* Levenshtein distance of two short strings. */
static size_t
distance(const char *a, size_t an, const char *b, size_t bn)
{
	size_t row[NEAR_MAX + 1], i, j, diagonal, above, best;

	for (j = 0; j <= bn; j++)
		row[j] = j;
	for (i = 1; i <= an; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= bn; j++) {
			above = row[j];
			best = diagonal + (a[i - 1] != b[j - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[bn];
}

static const char *
nearest_in(const struct opt *rows, const char *name, size_t len, size_t *best)
{
	const char *found = NULL;
	size_t d, n;

	for (; !opt_is_end(rows); rows++) {
		if (rows->type == OPT_HEADING || rows->long_name == NULL)
			continue;
		n = strlen(rows->long_name);
		if (n > NEAR_MAX)
			continue;
		d = distance(name, len, rows->long_name, n);
		if (d < *best) {
			*best = d;
			found = rows->long_name;
		}
	}
	return found;
}

static enum opt_outcome
unknown_long(const struct opt_spec *spec, const char *name, size_t len,
    struct errbuf *e)
{
	const char *near = NULL, *other;
	size_t best = len / 3 + 2;	/* further away is no hint */

	if (len <= NEAR_MAX) {
		near = nearest_in(spec->rows, name, len, &best);
		other = nearest_in(builtin_rows, name, len, &best);
		if (other != NULL)
			near = other;
	}
	if (near != NULL)
		err_set(e, "unknown option --%.*s, did you mean --%s?",
		    (int)(len < 64 ? len : 64), name, near);
	else
		err_set(e, "unknown option --%.*s, see %s --help",
		    (int)(len < 64 ? len : 64), name, spec->name);
	return OPT_USAGE;
}

/* ---- values ---- */

static int
store_choice(const struct opt *o, const char *value, struct errbuf *e)
{
	int i;

	for (i = 0; o->choices[i] != NULL; i++)
		if (strcmp(o->choices[i], value) == 0) {
			*(int *)o->at = i;
			return 0;
		}
	err_set(e, "\"%s\" is none of", value);
	for (i = 0; o->choices[i] != NULL; i++) {
		size_t n = strlen(e->msg);

		(void)snprintf(e->msg + n, sizeof(e->msg) - n, "%s %s",
		    i ? "," : "", o->choices[i]);
	}
	return -1;
}

static int
opt_store(const struct opt *o, const char *value, struct errbuf *e)
{
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->at = true;
		return 0;
	case OPT_COUNT:
		++*(unsigned *)o->at;
		return 0;
	case OPT_STRING:
		*(const char **)o->at = value;
		return 0;
	case OPT_INT:
		return num_int(o->at, value, o->min, o->max, e);
	case OPT_DURATION:
		return num_duration(o->at, value, e);
	case OPT_SIZE:
		return num_size(o->at, value, e);
	case OPT_CHOICE:
		return store_choice(o, value, e);
	case OPT_LIST:
		if (opt_list_add(o->at, value) == 0)
			return 0;
		err_set(e, "out of memory");
		return -1;
	case OPT_HEADING:
	default:
		return 0;
	}
}

/* Store with the option's own spelling as context of an error. */
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

	if (strcmp(name, "complete") == 0) {
		complete_print(spec);
		return OPT_DONE;
	}
	if ((o = find_long(spec->rows, name, len)) == NULL) {
		if ((o = find_long(builtin_rows, name, len)) != NULL)
			return opt_builtin(spec, o, true);
		return unknown_long(spec, name, len, e);
	}
	if (!opt_takes_value(o)) {
		if (eq != NULL) {
			err_set(e, "--%s takes no value", o->long_name);
			return OPT_USAGE;
		}
		return opt_apply(o, NULL, arg, len + 2, e);
	}
	if (eq == NULL && ++*i >= argc) {
		err_set(e, "--%s needs a value: %s", o->long_name, o->arg);
		return OPT_USAGE;
	}
	return opt_apply(o, eq != NULL ? eq + 1 : argv[*i], arg, len + 2, e);
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
		shown[1] = *p;
		if ((o = find_short(spec->rows, *p)) == NULL) {
			if ((o = find_short(builtin_rows, *p)) != NULL)
				return opt_builtin(spec, o, false);
			err_set(e, "unknown option %s, see %s --help", shown,
			    spec->name);
			return OPT_USAGE;
		}
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
