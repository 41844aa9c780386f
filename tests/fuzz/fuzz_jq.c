/*
 * fuzz_jq.c: any JSON text as the input of trusted programs, as a value and as
 * a member.  What they leave untouched comes back byte for byte; what they
 * make is JSON again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/jq.h"

#define OUTPUTS_MAX	64	/* what a handler would bear */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* For the leak sanitizer, which asks for it by this name.  libjq 1.6 leaks by
 * itself, as jq does: a key when a program fails inside .[] of an object, and
 * what ltrimstr leaves alone.  That we leak nothing is t_jq's to prove. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libjq.so";
}

/* The first yields its input untouched. */
static const char *const program_texts[] = {
	".",
	"{event, topic}",
	".event | .. | tojson, length, keys, ascii_downcase, .[0], .a",
	".event | tostream",
	".event | walk(if type == \"string\" then explode else . end)",
	".event | implode, (explode | implode)",
	".event | @base64, @uri, @sh, @csv, (fromjson | tojson)",
	".event | test(\"^(a|b)*c\"), startswith(\"a\"), split(\"a\"), todate",
	".event | [paths], sort, unique, flatten, add, min, tonumber",
	".event | to_entries, from_entries, .[1:2], .[-1:], del(.[0])",
};

#define PROGRAMS	(sizeof(program_texts) / sizeof(program_texts[0]))

/* Kept until the end: compiling costs more than running. */
static struct jq_program *programs[PROGRAMS];

static void
programs_free(void)
{
	for (size_t i = 0; i < PROGRAMS; i++)
		jq_program_free(programs[i]);
}

static void
programs_compile(void)
{
	struct errbuf e;

	for (size_t i = 0; i < PROGRAMS; i++) {
		programs[i] = jq_program_new(program_texts[i], NULL, NULL, &e);
		assert(programs[i] != NULL);
	}
	(void)atexit(programs_free);
}

/* Each output has a type and a JSON text of that type. */
static void
check_outputs(struct jq_program *p, struct slice input)
{
	struct buf room = { 0 };
	struct json_error je;
	struct json_elem elem;
	struct slice text;
	struct errbuf e;
	enum jq_outcome next = JQ_END;
	int i;

	for (i = 0; i < OUTPUTS_MAX; i++) {
		if ((next = jq_run_next(p, &e)) != JQ_OUTPUT)
			break;
		assert(jq_output_text(p, &room, &text) == 0);
		assert(json_scan_value(text, JSON_DEPTH_MAX, &elem,
		    &je) == 0);
		assert(elem.type == jq_output_type(p));
		if (jq_output_member(p, "event", &room, &text) == 1 &&
		    p == programs[1])
			assert(slice_eq(text, input));
	}
	assert(next != JQ_ERROR || strchr(e.msg, '\n') == NULL);
	buf_clear(&room);
}

static void
check_member(struct jq_program *p, struct slice input)
{
	const struct jq_member members[] = {
		{ "topic", SLICE("\"a/b\""), false },
		{ "event", input, false },
	};
	struct errbuf e;

	if (jq_run_start_members(p, members, 2, &e) == 0)
		check_outputs(p, input);
	jq_run_stop(p);
}

/* The very bytes come out. */
static void
check_value(struct jq_program *p, struct slice input)
{
	struct buf room = { 0 };
	struct slice text;
	struct errbuf e;

	if (jq_run_start(p, input, &e) == 0) {
		assert(jq_run_next(p, &e) == JQ_OUTPUT);
		assert(jq_output_text(p, &room, &text) == 0);
		assert(text.p == input.p && text.len == input.len);
		assert(jq_run_next(p, &e) == JQ_END);
	}
	jq_run_stop(p);
	buf_clear(&room);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_error je;
	struct json_elem elem;

	if (json_scan_value(slice_of((const char *)data, size),
	    JSON_DEPTH_DEFAULT, &elem, &je) == -1)
		return 0;
	if (programs[0] == NULL)
		programs_compile();
	check_value(programs[0], elem.text);
	for (size_t i = 0; i < PROGRAMS; i++)
		check_member(programs[i], elem.text);
	return 0;
}
