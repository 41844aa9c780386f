/*
 * fuzz_notice.c: any text as a time, and as an event on the maintenance topic.
 *
 * What is read must read back from how it is written.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/when.h"
#include "proto/json.h"
#include "proto/notice.h"

#define NOW	INT64_C(1774746000000)	/* the night in which clocks go on */

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_time(int64_t ms)
{
	char out[CLOCK_ISO_SIZE], local[WHEN_LOCAL_SIZE];
	int64_t again;

	assert(ms >= 0 && ms <= WHEN_MAX);
	assert(when_parse_iso(&again, slice_str(clock_iso_of(out, ms))) == 0);
	assert(again == ms);
	(void)when_local(local, ms);
	/* It may be another year there already, one that is not read. */
	if (ms > WHEN_MAX - 14 * INT64_C(3600000))
		return;
	assert(when_parse_iso(&again, slice_str(local)) == 0);
	assert(again == ms - ms % 1000);
}

static void
try_time(struct slice text)
{
	char *s = strndup(text.p, text.len);
	struct errbuf e;
	int64_t ms;

	assert(s != NULL);
	if (when_parse(&ms, s, NOW, &e) == 0)
		check_time(ms);
	free(s);
	if (when_parse_iso(&ms, text) == 0)
		check_time(ms);
}

static void
try_notice(struct slice text)
{
	struct notice n, again;
	struct json_error je;
	struct json_elem elem;
	struct buf out = { 0 };

	if (json_scan_value(text, JSON_DEPTH_DEFAULT, &elem, &je) == -1 ||
	    !notice_read(&n, elem.text))
		return;
	assert(n.until >= 0 && n.until <= WHEN_MAX);
	assert(n.at >= 0 && n.at <= WHEN_MAX && (n.at == 0 || !n.on));
	assert(memchr(n.user.p, '\n', n.user.len) == NULL);
	assert(notice_write(&out, &n) == 0);
	assert(json_scan_value(buf_slice(&out), JSON_DEPTH_DEFAULT, &elem,
	    &je) == 0);
	/* What is left out made room for what is written. */
	if (notice_read(&again, elem.text)) {
		assert(again.on == n.on && again.until == n.until);
		assert(again.at == n.at);
		assert(slice_eq(again.user, n.user));
		assert(slice_eq(again.message, n.message));
	} else {
		assert(elem.text.len > NOTICE_MAX);
	}
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);

	(void)setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	try_time(text);
	try_notice(text);
	return 0;
}
