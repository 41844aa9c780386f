/*
 * json_digits.c: numbers that a double does not hold.
 *
 * Numbers are compared as they are written, digit by digit: nothing here
 * depends on how anything rounds.
 */
#include "proto/json_digits.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "proto/json.h"
#include "proto/json_text.h"

#define LIMIT_DIGITS	"9007199254740992"	/* 2^53, which is 10 to the */
#define LIMIT_EXPONENT	15			/* and more */
#define EXPONENT_MAX	1000000000
#define EXACT_SIZE	320	/* digits of DBL_MAX, and more */
#define READ_DIGITS	800	/* no double's neighbours differ behind it */

/* The third run's numbers: odd, so that halves and remainders differ from
 * those of large doubles, which are even; below 2^51, so that what is added to
 * them is not swallowed. */
#define SMALL_FROM	0x1p50
#define SMALL_SPAN	0x1p48

/* ---- one number ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number behind the e, within bounds that no sum leaves. */
static int64_t
read_exponent(const char *p, const char *end)
{
	bool negative = p < end && *p == '-';
	int64_t n = 0;

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end; p++)
		if (n < EXPONENT_MAX)
			n = n * 10 + (*p - '0');
	return negative ? -n : n;
}

/* Which of two sequences of digits is larger; a point between them does not
 * count, nor do zeros behind. */
static int
compare_digits(struct slice a, struct slice b)
{
	const char *p = a.p, *p_end = p + a.len, *q = b.p, *q_end = q + b.len;
	char x, y;

	while (p < p_end || q < q_end) {
		if (p < p_end && *p == '.') {
			p++;
			continue;
		}
		if (q < q_end && *q == '.') {
			q++;
			continue;
		}
		x = p < p_end ? *p++ : '0';
		y = q < q_end ? *q++ : '0';
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

/* Which magnitude is larger. */
static int
compare(const struct json_long *a, const struct json_long *b)
{
	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -1 : 1;
	return compare_digits(a->digits, b->digits);
}

/* Take a number apart.  false: it is 0. */
static bool
read_number(struct slice number, struct json_long *out)
{
	const char *p = number.p, *end = p + number.len, *point, *e;
	const char *first;

	*out = (struct json_long){ .text = number, .negative = *p == '-' };
	for (e = p; e < end && (*e | 0x20) != 'e'; e++)
		;
	if (e < end)
		out->exponent = read_exponent(e + 1, end);
	p += out->negative;
	for (point = p; point < e && is_digit(*point); point++)
		;
	for (first = p; first < e && (*first == '0' || *first == '.');
	    first++)
		;
	out->digits = slice_of(first, (size_t)(e - first));
	/* Of 123.4 it is 2, of 0.01 -2. */
	out->exponent += first < point ? point - first - 1 : point - first;
	return first < e;
}

bool
json_is_long(struct slice number, struct json_long *out)
{
	static const struct slice limit = { LIMIT_DIGITS,
	    sizeof(LIMIT_DIGITS) - 1 };
	struct json_long n;

	if (number.len <= LIMIT_EXPONENT &&
	    memchr(number.p, 'e', number.len) == NULL &&
	    memchr(number.p, 'E', number.len) == NULL)
		return false;
	if (!read_number(number, &n) || n.exponent < LIMIT_EXPONENT ||
	    (n.exponent == LIMIT_EXPONENT &&
	    compare_digits(n.digits, limit) < 0))
		return false;
	if (out != NULL)
		*out = n;
	return true;
}

/* ---- the numbers of a text ---- */

/* The next number of scanned text from p on, empty at its end. */
static struct slice
next_number(const char *p, const char *end)
{
	const char *first;
	bool escaped;

	while (p < end) {
		if (*p == '"') {
			p = json_string_end(p, end, &escaped);
		} else if (*p == '-' || is_digit(*p)) {
			first = p;
			p = json_word_end(p, end);
			return slice_of(first, (size_t)(p - first));
		} else {
			p++;
		}
	}
	return slice_of(end, 0);
}

/* The next long number from p on, likewise. */
static struct slice
next_long(const char *p, const char *end, struct json_long *out)
{
	struct slice number;

	while ((number = next_number(p, end)).len > 0) {
		if (json_is_long(number, out))
			return number;
		p = number.p + number.len;
	}
	return number;
}

struct slice
json_digits_first(struct slice text)
{
	return next_long(text.p, text.p + text.len, NULL);
}

int
json_digits_add(struct json_digits *d, struct slice text)
{
	const char *p = text.p, *end = p + text.len;
	struct json_long found, *grown;
	struct slice number;
	size_t cap;

	while ((number = next_long(p, end, &found)).len > 0) {
		if (d->n == d->cap) {
			cap = d->cap > 0 ? d->cap * 2 : 8;
			grown = realloc(d->v, cap * sizeof(*grown));
			if (grown == NULL)
				return -1;
			d->v = grown;
			d->cap = cap;
		}
		d->v[d->n++] = found;
		p = number.p + number.len;
	}
	return 0;
}

/* ---- what takes their place ---- */

/* For qsort() and bsearch(): by magnitude, and with it by sign. */
static int
compare_longs(const void *a, const void *b)
{
	const struct json_long *x = a, *y = b;
	int rc = compare(x, y);

	return rc != 0 ? rc : (int)x->negative - (int)y->negative;
}

/* The double nearest to the magnitude, or a neighbour of it, at most
 * DBL_MAX. */
static double
nearest_double(const struct json_long *n)
{
	char text[READ_DIGITS + 32];
	size_t len = 0, i;
	double d;

	text[len++] = '.';
	for (i = 0; i < n->digits.len && len <= READ_DIGITS; i++)
		if (n->digits.p[i] != '.')
			text[len++] = n->digits.p[i];
	(void)snprintf(text + len, sizeof(text) - len, "e%d",
	    n->exponent > DBL_MAX_10_EXP ? DBL_MAX_10_EXP + 2 :
	    (int)n->exponent + 1);
	d = strtod(text, NULL);
	return d > DBL_MAX ? DBL_MAX : d;
}

/* How the magnitude compares with a double from 2^53 on. */
static int
compare_double(const struct json_long *n, double d)
{
	char exact[EXACT_SIZE];
	struct json_long other = { 0 };
	int len = snprintf(exact, sizeof(exact), "%.0f", d);

	other.digits = slice_of(exact, (size_t)len);
	other.exponent = len - 1;
	return compare(n, &other);
}

/* The first two: the number lies between them, or is the first itself. */
static void
enclose(struct json_long *n)
{
	double d = nearest_double(n);

	n->as[0] = d;
	n->as[1] = nextafter(d, compare_double(n, d) < 0 || d == DBL_MAX ?
	    0 : INFINITY);
}

bool
json_is_held(struct slice number)
{
	char text[32];
	struct json_long n, shown = { 0 };
	int precision = 0, len;
	double d;

	if (!json_is_long(number, &n))
		return true;
	d = nearest_double(&n);
	/* What is written of it has no more digits than tell it apart. */
	do
		len = snprintf(text, sizeof(text), "%.*e", precision, d);
	while (strtod(text, NULL) != d && ++precision < 17);
	return read_number(slice_of(text, (size_t)len), &shown) &&
	    compare(&n, &shown) == 0;
}

void
json_digits_settle(struct json_digits *d)
{
	size_t i, n = 0;
	double stride;
	unsigned run;

	if (d->n == 0)
		return;
	qsort(d->v, d->n, sizeof(*d->v), compare_longs);
	for (i = 0; i < d->n; i++)
		if (n == 0 || compare_longs(&d->v[n - 1], &d->v[i]) != 0)
			d->v[n++] = d->v[i];
	d->n = n;
	stride = floor(SMALL_SPAN / (double)(n + 1));
	for (i = 0; i < n; i++) {
		enclose(&d->v[i]);
		d->v[i].as[2] = i > 0 && compare(&d->v[i - 1], &d->v[i]) ==
		    0 ? fabs(d->v[i - 1].as[2]) :
		    SMALL_FROM + 2 * (double)(i + 1) * stride + 1;
		for (run = 0; run < JSON_DIGITS_RUNS; run++)
			if (d->v[i].negative)
				d->v[i].as[run] = -d->v[i].as[run];
	}
}

int
json_digits_write(const struct json_digits *d, unsigned run,
    struct slice text, struct buf *out)
{
	const char *p = text.p, *end = p + text.len;
	const struct json_long *known;
	struct json_long found;
	struct slice number;

	while ((number = next_long(p, end, &found)).len > 0) {
		known = bsearch(&found, d->v, d->n, sizeof(*d->v),
		    compare_longs);
		if (buf_add(out, p, (size_t)(number.p - p)) == -1 ||
		    buf_addf(out, "%.0f", known->as[run]) == -1)
			return -1;
		p = number.p + number.len;
	}
	return buf_add(out, p, (size_t)(end - p));
}

/* ---- what was made of them ---- */

/* The value of a number's text.  libjq writes none that is longer. */
static bool
read_double(struct slice number, double *out)
{
	char text[EXACT_SIZE + 32];

	if (number.len >= sizeof(text))
		return false;
	memcpy(text, number.p, number.len);
	text[number.len] = '\0';
	*out = strtod(text, NULL);
	return true;
}

/* The long number that has these in its place, or NULL. */
static const struct json_long *
find_handed_on(const struct json_digits *d,
    const double as[JSON_DIGITS_RUNS])
{
	size_t low = 0, high = d->n, i;

	/* The third ones are in the order of the magnitudes. */
	while (low < high) {
		i = low + (high - low) / 2;
		if (fabs(d->v[i].as[2]) < fabs(as[2]))
			low = i + 1;
		else
			high = i;
	}
	for (; low < d->n && low < high + 2; low++)
		if (d->v[low].as[0] == as[0] && d->v[low].as[1] == as[1] &&
		    d->v[low].as[2] == as[2])
			return &d->v[low];
	return NULL;
}

struct restorer {
	const struct json_digits *d;	/* borrowed, as out */
	double	    from, until;
	struct buf *out;
	const char *p[JSON_DIGITS_RUNS], *end[JSON_DIGITS_RUNS];
};

/* The numbers at the three places. */
static enum json_digits_verdict
restore_number(struct restorer *r)
{
	struct slice text[JSON_DIGITS_RUNS];
	double as[JSON_DIGITS_RUNS];
	const struct json_long *known;
	unsigned run;

	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		text[run] = slice_of(r->p[run], (size_t)(json_word_end(
		    r->p[run], r->end[run]) - r->p[run]));
		if (text[run].len == 0 || (*r->p[run] != '-' &&
		    !is_digit(*r->p[run])) || !read_double(text[run],
		    &as[run]))
			return JSON_DIGITS_LOST;
		r->p[run] += text[run].len;
	}
	if ((known = find_handed_on(r->d, as)) != NULL)
		text[0] = known->text;
	else if (!(as[0] == as[1] && as[0] == as[2]) &&
	    !(as[0] >= r->from && as[0] <= as[1] && as[1] <= as[2] &&
	    as[2] <= r->until))
		return JSON_DIGITS_LOST;
	return buf_add_slice(r->out, text[0]) == 0 ? JSON_DIGITS_KEPT :
	    JSON_DIGITS_MEMORY;
}

/* Up to the next number, or the end: the same three times.  false when it is
 * not. */
static bool
copy_same(struct restorer *r, struct slice *same)
{
	struct slice number = next_number(r->p[0], r->end[0]);
	size_t len = (size_t)(number.p - r->p[0]);
	unsigned run;

	*same = slice_of(r->p[0], len);
	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		if ((size_t)(r->end[run] - r->p[run]) < len ||
		    memcmp(r->p[run], same->p, len) != 0)
			return false;
		r->p[run] += len;
	}
	return true;
}

static bool
is_at_end(const struct restorer *r)
{
	return r->p[0] == r->end[0];
}

enum json_digits_verdict
json_digits_restore(const struct json_digits *d,
    const struct slice made[JSON_DIGITS_RUNS], double from, double until,
    struct buf *out)
{
	struct restorer r = { .d = d, .from = from, .until = until,
	    .out = out };
	enum json_digits_verdict verdict = JSON_DIGITS_KEPT;
	struct slice same;
	unsigned run;

	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		r.p[run] = made[run].p;
		r.end[run] = made[run].p + made[run].len;
	}
	for (;;) {
		if (!copy_same(&r, &same))
			return JSON_DIGITS_LOST;
		if (buf_add_slice(out, same) == -1)
			return JSON_DIGITS_MEMORY;
		if (is_at_end(&r))
			break;
		if ((verdict = restore_number(&r)) != JSON_DIGITS_KEPT)
			return verdict;
	}
	for (run = 1; run < JSON_DIGITS_RUNS; run++)
		if (r.p[run] != r.end[run])
			return JSON_DIGITS_LOST;
	return verdict;
}

void
json_digits_clear(struct json_digits *d)
{
	free(d->v);
	*d = (struct json_digits){ 0 };
}
