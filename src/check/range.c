/*
 * range.c: thresholds, in the syntax of the monitoring plug-ins' guidelines.
 */
#include "check/range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX	32	/* bytes */

/* A decimal number without exponent, with a % behind it or not. */
static int
read_number(double *out, bool *part, const char *text, size_t len)
{
	char copy[NUMBER_MAX + 1];
	size_t digits;

	*part = len > 0 && text[len - 1] == '%';
	len -= *part;
	if (len == 0 || len > NUMBER_MAX)
		return -1;
	memcpy(copy, text, len);
	copy[len] = '\0';
	digits = strspn(copy + (copy[0] == '-'), "0123456789.");
	if (digits == 0 || copy[(copy[0] == '-') + digits] != '\0' ||
	    strchr(copy, '.') != strrchr(copy, '.') ||
	    strpbrk(copy, "0123456789") == NULL)
		return -1;
	*out = strtod(copy, NULL);
	return 0;
}

int
range_parse(struct range *r, const char *text, struct errbuf *e)
{
	struct range read = { .start = 0, .end = INFINITY };
	const char *at = text, *colon;

	read.inside = *at == '@';
	at += read.inside;
	colon = strchr(at, ':');
	if (colon != NULL && colon - at == 1 && *at == '~')
		read.start = -INFINITY;
	else if (colon != NULL && colon != at && read_number(&read.start,
	    &read.start_part, at, (size_t)(colon - at)) == -1)
		goto malformed;
	at = colon != NULL ? colon + 1 : at;
	if ((*at != '\0' || colon == NULL || colon == text + read.inside) &&
	    read_number(&read.end, &read.end_part, at, strlen(at)) == -1)
		goto malformed;
	if (read.start > read.end && read.start_part == read.end_part) {
		err_set(e, "\"%s\": the start is greater than the end", text);
		return -1;
	}
	*r = read;
	return 0;
malformed:
	err_set(e, "\"%s\" is no range: 10, 10:, ~:10, 10:20, @10:20, 80%%",
	    text);
	return -1;
}

bool
range_is_part(const struct range *r)
{
	return r->start_part || r->end_part;
}

void
range_resolve(struct range *r, double max)
{
	if (r->start_part)
		r->start *= max / 100;
	if (r->end_part)
		r->end *= max / 100;
	r->start_part = r->end_part = false;
}

bool
range_alerts(const struct range *r, double value)
{
	return (value >= r->start && value <= r->end) == r->inside;
}

int
range_number(struct buf *out, double n)
{
	/* Never with an exponent. */
	if (fabs(n - rint(n)) < 1e-9 || fabs(n) >= 1e5)
		return buf_addf(out, "%.0f", n);
	return fabs(n) < 1e-3 ? buf_addf(out, "%.6f", n) :
	    buf_addf(out, "%.6g", n);
}

int
range_print(struct buf *out, const struct range *r)
{
	bool plain = r->start == 0 && !isinf(r->end);

	if (r->inside && buf_add_char(out, '@') == -1)
		return -1;
	if (!plain && ((isinf(r->start) ? buf_add_char(out, '~') :
	    range_number(out, r->start)) == -1 ||
	    buf_add_char(out, ':') == -1))
		return -1;
	return isinf(r->end) ? 0 : range_number(out, r->end);
}
