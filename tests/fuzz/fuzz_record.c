/*
 * fuzz_record.c: any bytes as an event that wamp-sub -j has recorded.  What is
 * taken can be published: a topic that is a string, and an event that is JSON,
 * both of the text.
 */
#include <assert.h>
#include <stdint.h>

#include "base/when.h"
#include "client/record.h"
#include "fuzz.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_part(struct slice part, struct slice text, struct json_elem *elem)
{
	struct json_error je;

	assert(is_within(part, text));
	assert(json_scan_value(part, JSON_DEPTH_DEFAULT - 1, elem, &je) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct json_error fault;
	struct json_elem elem;
	struct errbuf e = { "" };
	struct record r;

	if (record_read(&r, text, &fault, &e) == -1) {
		assert(e.msg[0] != '\0');
		return 0;
	}
	check_part(r.event, text, &elem);
	check_part(r.topic, text, &elem);
	assert(elem.type == JSON_STRING && elem.text.len > 2);
	assert(r.time_ms >= -1 && r.time_ms <= WHEN_MAX);
	return 0;
}
