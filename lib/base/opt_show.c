/*
 * opt_show.c: prints an option table, for people and for completion scripts.
 */
#include "base/opt_show.h"

#include <stdio.h>

#include "base/opt_row.h"

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

/* A heading is only shown if a row follows it, before the next heading. */
static bool
help_heads(const struct opt *heading, bool all)
{
	const struct opt *o = heading + 1;

	for (; help_has(heading, all) && !opt_is_end(o); o++) {
		if (!help_has(o, all))
			continue;
		return o->type != OPT_HEADING;
	}
	return false;
}

void
opt_show_help(const struct opt_spec *spec, bool all)
{
	const struct opt *o;

	printf("usage: %s %s\n%s\n\n", spec->name, spec->synopsis,
	    spec->summary);
	for (o = spec->rows; !opt_is_end(o); o++)
		if (o->type == OPT_HEADING ? help_heads(o, all) :
		    help_has(o, all))
			help_row(o);
	for (o = opt_builtin_rows; !opt_is_end(o); o++)
		help_row(o);
}

/* ---- for completion scripts ---- */

/* The words of completion scripts for the kinds of values, by enum
 * opt_complete. */
static const char *const complete_names[] = { "none", "file", "topic",
    "procedure", "route", "session", "profile", "command", "words" };

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

void
opt_show_rows(const struct opt_spec *spec)
{
	const struct opt *o;

	printf("operand%s\t-\t%s\t", spec->each ? "s" : "",
	    complete_names[spec->operand]);
	complete_words(spec->words);
	printf("%s\n", spec->summary);
	for (o = spec->rows; !opt_is_end(o); o++)
		complete_row(o);
	for (o = opt_builtin_rows; !opt_is_end(o); o++)
		complete_row(o);
}
