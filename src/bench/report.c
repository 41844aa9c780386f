/*
 * report.c: the figures of a run on stdout.
 */
#include "bench/report.h"

#include <stddef.h>
#include <stdio.h>

#define NAME_WIDTH	24	/* columns, in text */
#define MODE_MAX	32	/* of its name, in quotes */
#define VALUE_MAX	400	/* of a double with its decimals */

static void
report_row(struct report *r, const char *name, const char *value)
{
	const char *lead = r->n++ > 0 ? "," : r->json ? "{" : "";

	if (r->json)
		printf("%s\"%s\":%s", lead, name, value);
	else if (!r->csv)
		printf("%-*s %s\n", NAME_WIDTH, name, value);
	else if (buf_addf(&r->names, "%s%s", lead, name) == -1 ||
	    buf_addf(&r->values, "%s%s", lead, value) == -1)
		r->nomem = true;
}

/* The mode is the first figure.  It is printed with the second one, so that a
 * run that fails early prints nothing. */
static void
report_value(struct report *r, const char *name, const char *value)
{
	char mode[MODE_MAX];

	if (r->n == 0) {
		progress_end(r->progress);
		(void)snprintf(mode, sizeof(mode), r->json ? "\"%s\"" : "%s",
		    r->mode);
		report_row(r, "mode", mode);
	}
	report_row(r, name, value);
}

void
report_add(struct report *r, const char *name, double value, int decimals)
{
	char text[VALUE_MAX];

	(void)snprintf(text, sizeof(text), "%.*f", decimals, value);
	report_value(r, name, text);
}

void
report_flag(struct report *r, const char *name, bool value)
{
	report_value(r, name, value ? "true" : "false");
}

void
report_hist(struct report *r, const char *name, const struct hist *h)
{
	static const struct {
		const char *suffix;
		double	    q;
	} rows[] = {
		{ "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 },
		{ "p999", 0.999 }, { "max", 1 },
	};
	char full[64];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(full, sizeof(full), "%s_%s_us", name,
		    rows[i].suffix);
		report_add(r, full, (double)hist_quantile(h, rows[i].q), 0);
	}
}

enum exit_status
report_end(struct report *r, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;

	if (r->json && r->n > 0)
		printf("}\n");
	if (r->csv && r->n > 0)
		printf("%.*s\n%.*s\n", (int)r->names.len, r->names.data,
		    (int)r->values.len, r->values.data);
	if (r->nomem) {
		err_set(e, "out of memory");
		st = EXIT_WORK;
	} else if (fflush(stdout) != 0 || ferror(stdout)) {
		st = tool_print_failed(e);
	}
	buf_clear(&r->names);
	buf_clear(&r->values);
	return st;
}
