/*
 * fuzz_json_digits.c: any JSON's long numbers, away and back; three texts as
 * what three runs made; and any text as a program that may name such numbers.
 */
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/jq_literal.h"
#include "proto/json.h"
#include "proto/json_digits.h"
#include "fuzz.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The numbers differ, and the third ones are in order. */
static void
check_places(const struct json_digits *d)
{
	const struct json_long *n;
	size_t i;

	for (i = 0; i < d->n; i++) {
		n = &d->v[i];
		assert(isfinite(n->as[0]) && isfinite(n->as[1]));
		assert(fabs(n->as[0]) >= 0x1p53);
		assert(n->as[0] != n->as[1]);
		assert(fabs(n->as[2]) < 0x1p51);
		assert(i == 0 || fabs(n->as[2]) >= fabs(n[-1].as[2]));
		assert(i == 0 || n->as[2] != n[-1].as[2]);
		assert((n->as[0] < 0) == n->negative);
	}
}

/* What is handed on as it is comes back; a number that is written in two ways
 * may come back in the other one. */
static void
there_and_back(struct slice text)
{
	struct buf room[JSON_DIGITS_RUNS] = { { 0 } }, out = { 0 };
	struct slice made[JSON_DIGITS_RUNS], value;
	struct json_digits d = { 0 }, again = { 0 };
	unsigned run;

	assert(json_digits_add(&d, text) == 0);
	assert((d.n == 0) == (json_digits_first(text).len == 0));
	json_digits_settle(&d);
	check_places(&d);
	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		assert(json_digits_write(&d, run, text, &room[run]) == 0);
		made[run] = buf_slice(&room[run]);
		assert(is_json(made[run], JSON_DEPTH_DEFAULT, &value));
	}
	assert(json_digits_restore(&d, made, 1, 0, &out) ==
	    JSON_DIGITS_KEPT);
	assert(json_digits_add(&again, buf_slice(&out)) == 0);
	json_digits_settle(&again);
	assert(again.n == d.n);
	if (d.n == 0)
		assert(slice_eq(buf_slice(&out), text));
	for (run = 0; run < JSON_DIGITS_RUNS; run++)
		buf_clear(&room[run]);
	buf_clear(&out);
	json_digits_clear(&d);
	json_digits_clear(&again);
}

/* Three texts with NUL between them. */
static void
three_texts(struct slice text)
{
	struct slice made[JSON_DIGITS_RUNS], value;
	struct json_digits d = { 0 };
	struct buf out = { 0 };
	const char *end;
	unsigned run;

	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		end = text.len > 0 ? memchr(text.p, '\0', text.len) : NULL;
		value = slice_of(text.p, end != NULL ?
		    (size_t)(end - text.p) : text.len);
		if (!is_json(value, JSON_DEPTH_DEFAULT, &made[run]))
			goto out;
		text = end != NULL ? slice_of(end + 1, text.len - value.len -
		    1) : slice_of(text.p, 0);
		assert(json_digits_add(&d, made[run]) == 0);
	}
	json_digits_settle(&d);
	if (json_digits_restore(&d, made, 0, 1e10, &out) ==
	    JSON_DIGITS_KEPT)
		assert(is_json(buf_slice(&out), JSON_DEPTH_DEFAULT, &value));
out:
	buf_clear(&out);
	json_digits_clear(&d);
}

static void
program(struct slice text)
{
	char *copy = strndup(text.p, text.len);
	struct slice number;

	assert(copy != NULL);
	if (jq_literal_lossy(copy, &number)) {
		assert(number.p >= copy && number.len > 15);
		assert(number.p + number.len <= copy + strlen(copy));
		assert(!json_is_held(number));
	}
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size), value;

	if (is_json(text, JSON_DEPTH_DEFAULT, &value))
		there_and_back(value);
	three_texts(text);
	if (size > 0)
		program(text);
	return 0;
}
