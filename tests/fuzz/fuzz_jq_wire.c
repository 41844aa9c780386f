/*
 * fuzz_jq_wire.c: whatever a jq worker says, nothing outside of it is read,
 * and what it says again in the same bytes means the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/jq_worker.h"
#include "fuzz.h"

#define FRAME_MAX	4096

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct slice whole = slice_of((const char *)data, size);
	const struct slice last = SLICE("last");
	struct slice rest = whole, parts, text;
	struct jq_answer a;
	enum jq_name name;
	int rc;

	while ((rc = jq_answer_next(&rest, FRAME_MAX, &a)) == 1) {
		assert(a.kind >= JQ_COMPILED && a.kind <= JQ_FAILED);
		assert(a.type <= JSON_OBJECT);
		assert(is_empty_or_within(a.message, whole));
		assert(is_empty_or_within(a.parts, whole));
		assert(is_empty_or_within(rest, whole));
		for (parts = a.parts;
		    jq_answer_part(&parts, &name, last, &text);) {
			assert(name < JQ_NAMES);
			assert(text.p == last.p ||
			    is_empty_or_within(text, whole));
		}
	}
	assert(rc == 0 || rc == -1);
	return 0;
}
