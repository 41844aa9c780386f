/*
 * exposition.c: writing figures for Prometheus.
 */
#include "wampd/metrics/exposition.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wampd/core/histogram.h"

static const struct {
	const char *text;	/* the type's name, and the suffix that is part
				 * of the family's name there */
	const char *text_suffix;
	const char *open;	/* the same in OpenMetrics */
	const char *suffix;	/* of its samples */
} types[] = {
	[EXPOSITION_COUNTER] = { "counter", "_total", "counter", "_total" },
	[EXPOSITION_GAUGE] = { "gauge", "", "gauge", "" },
	[EXPOSITION_HISTOGRAM] = { "histogram", "", "histogram", "" },
	[EXPOSITION_INFO] = { "gauge", "_info", "info", "_info" },
};

#define ADD(x, ...)							\
	((x)->failed |= buf_addf((x)->out, __VA_ARGS__) == -1)

void
exposition_begin(struct exposition *x, struct buf *out,
    enum exposition_format format)
{
	*x = (struct exposition){ .out = out, .format = format };
}

int
exposition_end(struct exposition *x)
{
	if (x->format == EXPOSITION_OPENMETRICS)
		ADD(x, "# EOF\n");
	buf_clear(&x->name);
	buf_clear(&x->labels);
	return x->failed ? -1 : 0;
}

void
exposition_family(struct exposition *x, enum exposition_type type,
    const char *name, const char *unit, const char *help)
{
	bool open = x->format == EXPOSITION_OPENMETRICS;
	const char *suffix = open ? "" : types[type].text_suffix;

	x->type = type;
	buf_reset(&x->name);
	x->failed |= buf_add_str(&x->name, name) == -1 ||
	    buf_cstr(&x->name) == NULL;
	ADD(x, "# HELP %s%s %s\n", name, suffix, help);
	ADD(x, "# TYPE %s%s %s\n", name, suffix,
	    open ? types[type].open : types[type].text);
	if (open && unit[0] != '\0')
		ADD(x, "# UNIT %s %s\n", name, unit);
}

/* ---- samples ---- */

void
exposition_label(struct exposition *x, const char *name, struct slice value)
{
	size_t i;

	x->failed |= buf_addf(&x->labels, "%s%s=\"",
	    x->labels.len > 0 ? "," : "", name) == -1;
	for (i = 0; i < value.len; i++)
		if (value.p[i] == '\n')
			x->failed |= buf_add_str(&x->labels, "\\n") == -1;
		else if (value.p[i] == '"' || value.p[i] == '\\')
			x->failed |= buf_addf(&x->labels, "\\%c",
			    value.p[i]) == -1;
		else
			x->failed |= buf_add_char(&x->labels,
			    value.p[i]) == -1;
	x->failed |= buf_add_char(&x->labels, '"') == -1;
}

/* Write the name of a sample, and its labels, which are used up. */
static void
begin_sample(struct exposition *x, const char *suffix)
{
	x->failed |= buf_add_slice(x->out, buf_slice(&x->name)) == -1;
	ADD(x, "%s", suffix);
	if (x->labels.len > 0) {
		ADD(x, "{");
		x->failed |= buf_add_slice(x->out,
		    buf_slice(&x->labels)) == -1;
		ADD(x, "}");
	}
	buf_reset(&x->labels);
}

void
exposition_count(struct exposition *x, uint64_t n)
{
	begin_sample(x, types[x->type].suffix);
	ADD(x, " %" PRIu64 "\n", n);
}

void
exposition_ms(struct exposition *x, int64_t ms)
{
	begin_sample(x, types[x->type].suffix);
	ADD(x, " %" PRId64 ".%03d\n", ms / 1000, (int)(ms % 1000));
}

void
exposition_us(struct exposition *x, uint64_t us)
{
	begin_sample(x, types[x->type].suffix);
	ADD(x, " %" PRIu64 ".%06u\n", us / 1000000, (unsigned)(us % 1000000));
}

/* OpenMetrics wants the text of a bound to be that of a float. */
static void
label_bound(struct exposition *x, uint32_t us)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%g", (double)us / 1e6);
	if (strpbrk(text, ".e") == NULL)
		(void)strncat(text, ".0", sizeof(text) - strlen(text) - 1);
	exposition_label(x, "le", slice_str(text));
}

void
exposition_histogram(struct exposition *x, const struct histogram *h)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < HISTOGRAM_BOUNDS; i++) {
		n += h->n[i];
		label_bound(x, histogram_bounds[i]);
		begin_sample(x, "_bucket");
		ADD(x, " %" PRIu64 "\n", n);
	}
	n += h->n[i];
	exposition_label(x, "le", SLICE("+Inf"));
	begin_sample(x, "_bucket");
	ADD(x, " %" PRIu64 "\n", n);
	begin_sample(x, "_sum");
	ADD(x, " %" PRIu64 ".%06u\n", h->sum / 1000000,
	    (unsigned)(h->sum % 1000000));
	begin_sample(x, "_count");
	ADD(x, " %" PRIu64 "\n", n);
}
