/*
 * report.c: a run's figures on stdout.
 */
#include "bench/report.h"

#include <stddef.h>
#include <stdio.h>

#define NAME_WIDTH	24	/* columns, in text */
#define VALUE_MAX	400	/* of a double with its decimals */

/* One figure.  The mode stands first, but only once there is a figure at
 * all: a run that fails early prints nothing. */
static void
report_row(struct report *r, const char *name, const char *value)
{
	bool first = r->n++ == 0;

	if (first && r->json)
		printf("{\"mode\":\"%s\"", r->mode);
	else if (first)
		printf("%-*s %s\n", NAME_WIDTH, "mode", r->mode);
	if (r->json)
		printf(",\"%s\":%s", name, value);
	else
		printf("%-*s %s\n", NAME_WIDTH, name, value);
}

void
report_add(struct report *r, const char *name, double value, int decimals)
{
	char text[VALUE_MAX];

	(void)snprintf(text, sizeof(text), "%.*f", decimals, value);
	report_row(r, name, text);
}

void
report_flag(struct report *r, const char *name, bool value)
{
	report_row(r, name, value ? "true" : "false");
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
	if (r->json && r->n > 0)
		printf("}\n");
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_DONE;
	return tool_print_failed(e);
}
