/*
 * report.c: what wamp-check prints.
 */
#include "check/report.h"

#include <stdarg.h>

#include "base/printable.h"

/* Monitors take what is behind a bar for performance data. */
static int
add_text(struct buf *to, struct slice text)
{
	size_t i, begin = to->len;

	if (printable_add(to, text) == -1)
		return -1;
	for (i = begin; i < to->len; i++)
		if (to->data[i] == '|')
			to->data[i] = '/';
	return 0;
}

__attribute__((format(printf, 3, 0)))
static int
add_item(struct buf *to, const char *separator, const char *fmt, va_list ap)
{
	struct buf text = { 0 };
	int rc = to->len > 0 ? buf_add_str(to, separator) : 0;

	if (rc == 0)
		rc = buf_vaddf(&text, fmt, ap);
	if (rc == 0)
		rc = add_text(to, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

int
report_problem(struct report *r, enum verdict v, const char *fmt, ...)
{
	va_list ap;
	int rc;

	r->verdict = verdict_worse(r->verdict, v);
	va_start(ap, fmt);
	rc = add_item(&r->problems, "; ", fmt, ap);
	va_end(ap);
	return rc;
}

int
report_note(struct report *r, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = add_item(&r->notes, ", ", fmt, ap);
	va_end(ap);
	return rc;
}

/* "sessions is 850, critical: 0:800". */
static int
tell_alert(struct report *r, const struct figure *f)
{
	struct buf value = { 0 }, range = { 0 };
	int rc = -1;

	if (figure_value(&value, f, f->value) == 0 && range_print(&range,
	    f->verdict == CHECK_CRITICAL ? &f->critical : &f->warning) == 0 &&
	    buf_cstr(&value) != NULL && buf_cstr(&range) != NULL)
		rc = report_problem(r, f->verdict, "%s is %s (%s %s)", f->name,
		    value.data, f->verdict == CHECK_CRITICAL ? "critical" :
		    "warning", range.data);
	buf_clear(&value);
	buf_clear(&range);
	return rc;
}

int
report_figures(struct report *r, const struct figures *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->v[i].verdict != CHECK_OK && tell_alert(r, &f->v[i]) ==
		    -1)
			return -1;
	return 0;
}

static int
print_figure(struct buf *out, const struct figure *f)
{
	if (buf_addf(out, "%s: ", f->name) == -1 ||
	    figure_value(out, f, f->value) == -1)
		return -1;
	if (f->max > 0 && (buf_add_str(out, " of ") == -1 ||
	    figure_value(out, f, f->max) == -1))
		return -1;
	if (f->has_warning && (buf_add_str(out, ", warning ") == -1 ||
	    range_print(out, &f->warning) == -1))
		return -1;
	if (f->has_critical && (buf_add_str(out, ", critical ") == -1 ||
	    range_print(out, &f->critical) == -1))
		return -1;
	if (f->verdict != CHECK_OK &&
	    buf_addf(out, ": %s", verdict_name(f->verdict)) == -1)
		return -1;
	return buf_add_char(out, '\n');
}

int
report_print(struct buf *out, const struct report *r,
    const struct figures *f, bool verbose)
{
	size_t i;

	if (buf_addf(out, "WAMP %s - ", verdict_name(r->verdict)) == -1 ||
	    buf_add_slice(out, buf_slice(&r->problems)) == -1 ||
	    (r->problems.len > 0 && r->notes.len > 0 &&
	    buf_add_str(out, "; ") == -1) ||
	    buf_add_slice(out, buf_slice(&r->notes)) == -1)
		return -1;
	for (i = 0; i < f->n; i++)
		if (buf_add_str(out, i == 0 ? " | " : " ") == -1 ||
		    figure_perfdata(out, &f->v[i]) == -1)
			return -1;
	if (buf_add_char(out, '\n') == -1)
		return -1;
	for (i = 0; verbose && i < f->n; i++)
		if (print_figure(out, &f->v[i]) == -1)
			return -1;
	return 0;
}

void
report_clear(struct report *r)
{
	buf_clear(&r->problems);
	buf_clear(&r->notes);
}
