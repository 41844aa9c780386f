/*
 * bench_json.c: how fast the scanner is, in GB/s and in nanoseconds a text.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "proto/json.h"

#define BENCH_US	200000	/* time spent on each text */
#define BENCH_BATCH	1000	/* scans between two looks at the clock */
#define KB		1024

/* [7,"topic",EVENT] with an event of unit after unit up to size bytes. */
static int
make_publish(struct buf *out, const char *unit, size_t size)
{
	const char *comma = "";

	buf_reset(out);
	if (buf_add_str(out, "[7,\"bench/topic\",[") == -1)
		return -1;
	for (; out->len < size; comma = ",")
		if (buf_add_str(out, comma) == -1 ||
		    buf_add_str(out, unit) == -1)
			return -1;
	return buf_add_str(out, "]]");
}

static int
measure(const char *name, struct slice text)
{
	struct json_elem elems[5];
	struct json_error e;
	size_t count, scans = 0;
	int64_t start = clock_us(), spent;
	double ns;

	do {
		for (int i = 0; i < BENCH_BATCH; i++)
			if (json_scan_array(text, JSON_DEPTH_DEFAULT, elems, 5,
			    &count, NULL, &e) == -1) {
				fprintf(stderr, "%s: %s\n", name, e.what);
				return -1;
			}
		scans += BENCH_BATCH;
	} while ((spent = clock_us() - start) < BENCH_US);
	ns = (double)spent * 1e3 / (double)scans;
	printf("%-28s %6zu bytes %8.1f ns %6.2f GB/s\n", name, text.len, ns,
	    (double)text.len / ns);
	return 0;
}

int
main(void)
{
	static const struct {
		const char *name;
		const char *unit;
	} kinds[] = {
		{ "1 KB of records", "{\"id\":4711,\"name\":\"Anna Smith\","
		    "\"mail\":\"anna.smith@example.com\",\"active\":true,"
		    "\"note\":\"called back on Monday, wants an offer\"}" },
		{ "1 KB of indented records", "\n  {\n    \"id\": 4711,\n    "
		    "\"name\": \"Anna Smith\",\n    \"on\": true\n  }" },
		{ "1 KB of plain text", "\"the quick brown fox jumps over the "
		    "lazy dog, again and again and again and again\"" },
		{ "1 KB of Cyrillic", "\"съешь ещё этих "
		    "мягких французских булок\"" },
		{ "1 KB of escapes", "\"a\\tb\\n\\u00e9\"" },
		{ "1 KB of numbers", "-1234.5678" },
	};
	const char *small = "[7,\"oro/maintenance\",{\"isOn\":true,"
	    "\"userId\":1,\"at\":1700000000}]";
	struct buf text = { 0 };
	int rc = measure("small PUBLISH", slice_str(small));

	for (size_t i = 0; rc == 0 && i < sizeof(kinds) / sizeof(kinds[0]);
	    i++)
		if ((rc = make_publish(&text, kinds[i].unit, KB)) == 0)
			rc = measure(kinds[i].name, buf_slice(&text));
	buf_clear(&text);
	return rc == 0 ? 0 : 1;
}
