/*
 * fuzz_jq_exact.c: any JSON text as the input of programs that hand its numbers
 * on, move, compare and spoil them.  Each long number that comes out is one
 * that went in.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "proto/jq_exact.h"
#include "proto/json_digits.h"

#define OUTPUTS_MAX	64

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* As for fuzz_jq.c. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libjq.so";
}

static const char *const program_texts[] = {
	".",
	".[0]",
	".a.b",
	"[.]",
	"[.. | numbers]",
	"sort?, unique?, min?, max?, reverse?, group_by(.)?",
	"to_entries?, [.[]?], [paths], length?",
	".. | numbers | ., floor, -(-.), . + 0, . * 1",
	"[.. | numbers | . + 1, . % 2, . / 3]",
	"map(select(. > 5))?",
	"[.. | tostring | try tonumber catch 0]",
	"[limit(3; .. | scalars)]",
};

#define PROGRAMS	(sizeof(program_texts) / sizeof(program_texts[0]))

static struct jq_exact *programs[PROGRAMS];

static void
programs_free(void)
{
	for (size_t i = 0; i < PROGRAMS; i++)
		jq_exact_free(programs[i]);
}

static void
programs_compile(void)
{
	struct errbuf e;

	for (size_t i = 0; i < PROGRAMS; i++) {
		programs[i] = jq_exact_new(program_texts[i], NULL, NULL, &e);
		assert(programs[i] != NULL);
	}
	(void)atexit(programs_free);
}

/* Each long number of the text is among those of the input. */
static void
check_numbers(const struct json_digits *in, struct slice text)
{
	struct json_digits both = { 0 };
	size_t i;

	for (i = 0; i < in->n; i++)
		assert(json_digits_add(&both, in->v[i].text) == 0);
	assert(json_digits_add(&both, text) == 0);
	json_digits_settle(&both);
	assert(both.n == in->n);
	json_digits_clear(&both);
}

static void
check_program(struct jq_exact *x, const struct json_digits *in,
    struct slice input)
{
	struct buf room = { 0 };
	struct json_error je;
	struct json_elem elem;
	struct slice text;
	struct errbuf e;
	int i;

	if (jq_exact_start(x, input, &e) == 0)
		for (i = 0; i < OUTPUTS_MAX &&
		    jq_exact_next(x, &e) == JQ_OUTPUT; i++) {
			assert(jq_exact_text(x, &room, &text) == 0);
			assert(json_scan_value(text, JSON_DEPTH_MAX, &elem,
			    &je) == 0);
			assert(elem.type == jq_exact_type(x));
			if (in->n > 0)
				check_numbers(in, elem.text);
		}
	jq_exact_stop(x);
	buf_clear(&room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_digits in = { 0 };
	struct json_error je;
	struct json_elem elem;

	if (json_scan_value(slice_of((const char *)data, size),
	    JSON_DEPTH_DEFAULT, &elem, &je) == -1)
		return 0;
	if (programs[0] == NULL)
		programs_compile();
	assert(json_digits_add(&in, elem.text) == 0);
	json_digits_settle(&in);
	for (size_t i = 0; i < PROGRAMS; i++)
		check_program(programs[i], &in, elem.text);
	json_digits_clear(&in);
	return 0;
}
