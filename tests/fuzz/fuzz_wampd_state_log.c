/*
 * fuzz_wampd_state_log.c: any bytes as the log of kept events.
 *
 * What is read lies in the log, every byte is a record's or is counted as
 * damaged or torn, and what is kept in the end can be written and read again.
 * The first byte chooses whether the rest is a log, or tells of what to make
 * one.
 */
#include <assert.h>
#include <stdint.h>

#include "fuzz.h"
#include "wampd/core/keep.h"
#include "wampd/state/live.h"
#include "wampd/state/record.h"

#define LEN_MAX	200

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Take records from bytes: lengths, number, bits, texts. */
static void
make(struct buf *out, struct slice from)
{
	struct record r = { .as = 0 };
	size_t topic, event;

	while (from.len >= 4) {
		topic = (uint8_t)from.p[0] % 8;
		event = (uint8_t)from.p[1] % LEN_MAX;
		r.number = (uint8_t)from.p[2];
		r.as = (uint8_t)from.p[3] % 4 |
		    ((uint8_t)from.p[3] & RECORD_DROP);
		from = slice_of(from.p + 4, from.len - 4);
		if (topic + event > from.len)
			break;
		r.topic = slice_of(from.p, topic);
		r.event = slice_of(from.p + topic, event);
		from = slice_of(from.p + topic + event,
		    from.len - topic - event);
		assert(record_add(out, &r) == 0);
	}
	record_seal(out);
}

static void
add_live(void *ctx, const struct record *r)
{
	assert((r->as & ~(KEEP_RETAINED | KEEP_HISTORY)) == 0 && r->as != 0);
	assert(record_add(ctx, r) == 0);
}

/* Read it; append what is kept to *kept.  Returns how many bytes are no
 * records. */
static uint64_t
read_log(struct slice log, struct buf *kept)
{
	struct record_reader in;
	struct live live;
	struct record r;
	uint64_t bytes = 0;

	live_init(&live);
	record_begin(&in, log);
	while (record_next(&in, &r)) {
		assert(is_empty_or_within(r.topic, log));
		assert(is_empty_or_within(r.event, log));
		bytes += record_size(&r);
		assert(live_take(&live, &r) == 0);
	}
	/* Padding at the end may be missing. */
	bytes += in.faults.damaged + in.faults.torn;
	assert(bytes >= log.len && bytes < log.len + RECORD_ALIGN);
	live_walk(&live, add_live, kept);
	live_clear(&live);
	return in.faults.damaged + in.faults.torn;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf log = { 0 }, kept = { 0 }, again = { 0 };
	struct slice rest;

	if (size == 0)
		return 0;
	rest = slice_of((const char *)data + 1, size - 1);
	if (data[0] & 1) {
		make(&log, rest);
		assert(read_log(buf_slice(&log), &kept) == 0);
	} else {
		assert(buf_add_slice(&log, rest) == 0);
		(void)read_log(buf_slice(&log), &kept);
	}
	record_seal(&kept);
	assert(read_log(buf_slice(&kept), &again) == 0);
	record_seal(&again);
	assert(slice_eq(buf_slice(&kept), buf_slice(&again)));
	buf_clear(&again);
	buf_clear(&kept);
	buf_clear(&log);
	return 0;
}
