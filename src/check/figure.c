/*
 * figure.c: what is checked: numbers with names, and their thresholds.
 */
#include "check/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"

struct known {
	const char *name;
	const char *unit;
	const char *warning;	/* default; or NULL */
	const char *critical;
};

/* Those without defaults say nothing about health by themselves. */
static const struct known known[] = {
	{ "sessions", "", "80%", "95%" },
	{ "topics", "", "80%", "95%" },
	{ "queues", "B", "80%", "95%" },
	{ "retained", "B", "80%", "95%" },
	{ "refused", "", "0", NULL },
	{ "jq_lost", "", "0", NULL },
	{ "certificate", "d", "14:", "3:" },
	{ "memory", "B", NULL, NULL },
	{ "uptime", "s", NULL, NULL },
	{ "config_age", "s", NULL, NULL },
	{ "since", "s", NULL, NULL },
	{ "connect", "s", NULL, NULL },
	{ "probe", "s", NULL, NULL },
	{ .name = NULL }
};

static const struct known *
find_known(const char *name)
{
	const struct known *k;

	for (k = known; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

const struct figure *
figures_find(const struct figures *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0)
			return &f->v[i];
	return NULL;
}

void
figures_add(struct figures *f, const char *name, const char *unit,
    double value, double max)
{
	struct figure *new = &f->v[f->n];

	if (f->n == FIGURES_MAX || figures_find(f, name) != NULL)
		return;
	*new = (struct figure){ .unit = unit, .value = value, .max = max };
	(void)snprintf(new->name, sizeof(new->name), "%s", name);
	f->n++;
}

/* ---- the broker's answer ---- */

static double
number_of(const struct json_elem *value)
{
	char text[40];

	if (value->text.len >= sizeof(text))
		return 0;
	memcpy(text, value->text.p, value->text.len);
	text[value->text.len] = '\0';
	return strtod(text, NULL);
}

/* Whether the text ends so. */
static bool
ends(struct slice text, struct slice end)
{
	return text.len >= end.len &&
	    memcmp(text.p + text.len - end.len, end.p, end.len) == 0;
}

/* Names go to monitors: only what needs no quotes there. */
static bool
is_name(struct slice text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((text.p[i] < 'a' || text.p[i] > 'z') && text.p[i] != '_')
			return false;
	return text.len > 0 && text.len < FIGURE_NAME - 4;
}

void
figures_read(struct figures *f, struct slice check)
{
	struct slice rest = json_inside(check), text;
	struct json_elem key, value, limit;
	const struct known *k;
	char name[FIGURE_NAME], max[FIGURE_NAME];

	while (json_next_member(&rest, &key, &value)) {
		text = json_inside(key.text);
		if (value.type != JSON_NUMBER || !is_name(text) ||
		    ends(text, SLICE("_max")))
			continue;
		(void)snprintf(name, sizeof(name), "%.*s", (int)text.len,
		    text.p);
		(void)snprintf(max, sizeof(max), "%.*s_max", (int)text.len,
		    text.p);
		k = find_known(name);
		figures_add(f, name, k != NULL ? k->unit : "",
		    number_of(&value), json_member(check, max, &limit) ?
		    number_of(&limit) : 0);
	}
}

/* ---- thresholds ---- */

/* The range that a list has for the name; the last one counts.  NULL: none. */
static const char *
find_range(const struct opt_list *list, const char *name)
{
	size_t i, len = strlen(name);

	for (i = list->n; i-- > 0;)
		if (strncmp(list->v[i], name, len) == 0 &&
		    list->v[i][len] == '=')
			return list->v[i] + len + 1;
	return NULL;
}

/* Set a threshold.  0, or -1 with *e filled. */
static int
set_range(struct range *r, bool *has, const struct figure *f,
    const char *given, const char *preset, struct errbuf *e)
{
	const char *text = given != NULL ? given : preset;

	*has = false;
	if (text == NULL || *text == '\0')
		return 0;
	if (range_parse(r, text, e) == -1) {
		err_wrap(e, "%s", f->name);
		return -1;
	}
	if (range_is_part(r) && f->max <= 0) {
		if (given == NULL)
			return 0;
		err_set(e, "%s has no limit, so it needs no %%", f->name);
		return -1;
	}
	range_resolve(r, f->max);
	*has = true;
	return 0;
}

static int
judge(struct figure *f, const struct opt_list *warning,
    const struct opt_list *critical, struct errbuf *e)
{
	const struct known *k = find_known(f->name);

	if (set_range(&f->warning, &f->has_warning, f,
	    find_range(warning, f->name), k != NULL ? k->warning : NULL, e) ==
	    -1 || set_range(&f->critical, &f->has_critical, f,
	    find_range(critical, f->name), k != NULL ? k->critical : NULL,
	    e) == -1)
		return -1;
	if (f->has_critical && range_alerts(&f->critical, f->value))
		f->verdict = CHECK_CRITICAL;
	else if (f->has_warning && range_alerts(&f->warning, f->value))
		f->verdict = CHECK_WARNING;
	else
		f->verdict = CHECK_OK;
	return 0;
}

/* Check one list: the form, and, if f is given, whether there are such
 * numbers. */
static int
check_list(const struct opt_list *list, const struct figures *f,
    struct errbuf *e)
{
	char name[FIGURE_NAME];
	struct range ignored;
	size_t i, len;

	for (i = 0; i < list->n; i++) {
		len = strcspn(list->v[i], "=");
		if (len == 0 || len >= sizeof(name) ||
		    list->v[i][len] == '\0') {
			err_set(e, "a threshold is NAME=RANGE");
			return -1;
		}
		memcpy(name, list->v[i], len);
		name[len] = '\0';
		if (list->v[i][len + 1] != '\0' && range_parse(&ignored,
		    list->v[i] + len + 1, e) == -1) {
			err_wrap(e, "%s", name);
			return -1;
		}
		if (f != NULL && figures_find(f, name) == NULL) {
			err_set(e, "nothing is known of \"%s\"", name);
			return -1;
		}
	}
	return 0;
}

int
figures_check_lists(const struct opt_list *warning,
    const struct opt_list *critical, struct errbuf *e)
{
	return check_list(warning, NULL, e) == -1 ||
	    check_list(critical, NULL, e) == -1 ? -1 : 0;
}

int
figures_judge(struct figures *f, const struct opt_list *warning,
    const struct opt_list *critical, struct errbuf *e)
{
	size_t i;

	if (check_list(warning, f, e) == -1 ||
	    check_list(critical, f, e) == -1)
		return -1;
	for (i = 0; i < f->n; i++)
		if (judge(&f->v[i], warning, critical, e) == -1)
			return -1;
	return 0;
}

/* ---- verdicts ---- */

enum verdict
verdict_worse(enum verdict a, enum verdict b)
{
	static const int rank[] = { [CHECK_OK] = 0, [CHECK_UNKNOWN] = 1,
	    [CHECK_WARNING] = 2, [CHECK_CRITICAL] = 3 };

	return rank[a] >= rank[b] ? a : b;
}

const char *
verdict_name(enum verdict v)
{
	static const char *const names[] = { [CHECK_OK] = "OK",
	    [CHECK_WARNING] = "WARNING", [CHECK_CRITICAL] = "CRITICAL",
	    [CHECK_UNKNOWN] = "UNKNOWN" };

	return names[v];
}

/* ---- printing ---- */

int
figure_value(struct buf *out, const struct figure *f, double value)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB",
	    "TiB" };
	size_t i = 0;

	if (strcmp(f->unit, "B") != 0)
		return range_number(out, value) == -1 ? -1 :
		    f->unit[0] == '\0' ? 0 : buf_addf(out, " %s", f->unit);
	while (value >= 1024 && i + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		i++;
	}
	return i == 0 ? buf_addf(out, "%.0f B", value) :
	    buf_addf(out, "%.1f %s", value, units[i]);
}

int
figure_perfdata(struct buf *out, const struct figure *f)
{
	/* Days are no unit of theirs. */
	const char *unit = strcmp(f->unit, "d") == 0 ? "" : f->unit;

	if (buf_addf(out, "%s=", f->name) == -1 ||
	    range_number(out, f->value) == -1 ||
	    buf_addf(out, "%s;", unit) == -1 ||
	    (f->has_warning && range_print(out, &f->warning) == -1) ||
	    buf_add_char(out, ';') == -1 ||
	    (f->has_critical && range_print(out, &f->critical) == -1) ||
	    buf_add_str(out, ";0;") == -1)
		return -1;
	return f->max > 0 ? range_number(out, f->max) : 0;
}
