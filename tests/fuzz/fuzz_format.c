/*
 * fuzz_format.c: any format with any event.  The first line of the input is
 * the format, the rest is JSON.
 *
 * Formats with programs are left out: those are libjq's, which fuzz_jq feeds.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json_path.h"
#include "client/format.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether a path could be taken for a program. */
static bool
has_program(const char *format)
{
	struct json_path path;
	const char *at = format, *end;
	enum json_path_verdict verdict;

	while ((at = strstr(at, "%{")) != NULL) {
		at += 2;
		if ((end = strchr(at, '}')) == NULL)
			return false;
		verdict = json_path_read(&path,
		    slice_of(at, (size_t)(end - at)));
		json_path_clear(&path);
		if (verdict != JSON_PATH_OK)
			return true;
	}
	return false;
}

static void
check_print(struct format *f, struct slice json)
{
	struct event ev = { .number = 1, .time_us = 1 };
	struct buf out = { 0 };
	struct json_error je;
	struct errbuf e = { "" };

	if (json_scan_value(json, JSON_DEPTH_DEFAULT, &ev.value, &je) == -1)
		return;
	assert(json_scan_value(SLICE("\"t\\n\""), 1, &ev.topic, &je) == 0);
	assert(buf_add_str(&out, "before") == 0);
	switch (format_add(f, &out, &ev, true, &e)) {
	case EVENT_OK:
		break;
	case EVENT_FAULT:
		assert(e.msg[0] != '\0');
		assert(slice_eq(buf_slice(&out), SLICE("before")));
		break;
	case EVENT_MEMORY:
	default:
		abort();
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *nl = memchr(data, '\n', size);
	size_t len = nl != NULL ? (size_t)(nl - data) : size;
	char *text = strndup((const char *)data, len);
	struct errbuf e = { "" };
	struct format *f;

	assert(text != NULL);
	if (has_program(text)) {
		free(text);
		return 0;
	}
	if ((f = format_new(text, NULL, &e)) == NULL)
		assert(strncmp(e.msg, "column ", 7) == 0);
	else if (nl != NULL)
		check_print(f, slice_of((const char *)nl + 1,
		    size - len - 1));
	format_free(f);
	free(text);
	return 0;
}
