/*
 * t_wampd_state_log.c: the bytes of the log of kept events, damaged and cut.
 */
#include "wampd/state/record.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "tap.h"
#include "wampd/core/keep.h"
#include "wampd/state/live.h"

#define RECORDS	20

static void
fill(struct buf *out, size_t n)
{
	char topic[32], event[64];
	struct record r = { .as = KEEP_RETAINED };
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(topic, sizeof(topic), "topic%zu", i);
		memset(event, '1', sizeof(event));
		r.topic = slice_str(topic);
		r.event = slice_of(event, 1 + i);
		r.number = i + 1;
		(void)record_add(out, &r);
	}
	record_seal(out);
}

static size_t
count(struct slice text, struct record_faults *faults)
{
	struct record_reader in;
	struct record r;
	size_t n = 0;

	record_begin(&in, text);
	while (record_next(&in, &r))
		n++;
	*faults = in.faults;
	return n;
}

/* Any flipped bit damages one record, and that is noticed. */
static void
test_flipped(void)
{
	struct record_faults faults;
	struct buf all = { 0 };
	size_t i, n, padding = 0, bad = 0;

	fill(&all, RECORDS);
	tap_int((int64_t)count(buf_slice(&all), &faults), RECORDS, "records");
	for (i = 0; i < all.len; i++) {
		all.data[i] ^= 0x10;
		n = count(buf_slice(&all), &faults);
		if (n == RECORDS)
			padding++;
		else if (n != RECORDS - 1 || faults.damaged + faults.torn == 0)
			bad++;
		all.data[i] ^= 0x10;
	}
	tap_int((int64_t)bad, 0, "one record is lost, the others are not");
	tap_ok(padding < 8 * RECORDS, "only padding does not matter");
	buf_clear(&all);
}

/* Cut off anywhere, or with zeros behind, it has what is complete. */
static void
test_torn(void)
{
	struct record_faults faults;
	struct buf all = { 0 }, cut = { 0 };
	size_t i, n, before = 0, bad = 0;

	fill(&all, RECORDS);
	for (i = 0; i <= all.len; i++) {
		n = count(slice_of(all.data, i), &faults);
		bad += n < before || n > before + 1 || faults.damaged > 0;
		before = n;
		buf_reset(&cut);
		(void)buf_add(&cut, all.data, i);
		(void)buf_fill(&cut, '\0', all.len - i);
		bad += count(buf_slice(&cut), &faults) < n;
	}
	tap_int((int64_t)bad, 0, "a torn end loses only what is torn");
	buf_clear(&cut);
	buf_clear(&all);
}

/* At the very end, a wrong length is damage, and no torn write. */
static void
test_last_length(void)
{
	struct record_faults faults;
	struct buf all = { 0 }, last = { 0 };
	size_t at;
	int bit;

	fill(&all, RECORDS - 1);
	at = all.len + 8;
	fill(&last, 1);
	(void)buf_add_slice(&all, buf_slice(&last));
	for (bit = 0; bit < 32; bit++) {
		all.data[at + (size_t)bit / 8] ^= (char)(1 << bit % 8);
		if (count(buf_slice(&all), &faults) != RECORDS - 1 ||
		    faults.damaged != last.len || faults.torn != 0)
			break;
		all.data[at + (size_t)bit / 8] ^= (char)(1 << bit % 8);
	}
	tap_int(bit, 32, "a wrong length at the end is damage");
	buf_clear(&last);
	buf_clear(&all);
}

static void
on_live(void *ctx, const struct record *r)
{
	(void)buf_addf(ctx, "%.*s=%.*s%s%s ", (int)r->topic.len, r->topic.p,
	    (int)r->event.len, r->event.p, r->as & KEEP_RETAINED ? "r" : "",
	    r->as & KEEP_HISTORY ? "h" : "");
}

static void
test_live(void)
{
	const struct record steps[] = {
		{ SLICE("a"), SLICE("1"), 1, 0, 0, KEEP_RETAINED },
		{ SLICE("h"), SLICE("2"), 2, 0, 0, KEEP_HISTORY },
		{ SLICE("h"), SLICE("4"), 4, 0, 0, 3 },
		{ SLICE("h"), SLICE("3"), 3, 0, 0, KEEP_HISTORY },
		{ SLICE("a"), SLICE("5"), 5, 0, 0, KEEP_RETAINED },
		{ SLICE("h"), SLICE(""), 2, 0, 0, KEEP_HISTORY | RECORD_DROP },
		{ SLICE("b"), SLICE("6"), 6, 0, 0, KEEP_RETAINED },
		{ SLICE("b"), SLICE(""), 6, 0, 0, KEEP_RETAINED | RECORD_DROP },
		{ SLICE("h"), SLICE("7"), 7, 0, 0, KEEP_RETAINED },
		{ SLICE("c"), SLICE(""), 9, 0, 0, KEEP_RETAINED | RECORD_DROP },
	};
	struct buf got = { 0 };
	struct live live;
	size_t i;

	live_init(&live);
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		(void)live_take(&live, &steps[i]);
	live_walk(&live, on_live, &got);
	tap_str(buf_cstr(&got), "a=5r h=3h h=4h h=7r ", "what is kept");
	tap_int((int64_t)live.number, 9, "the highest number");
	buf_clear(&got);
	live_clear(&live);
}

int
main(void)
{
	test_flipped();
	test_torn();
	test_last_length();
	test_live();
	return tap_done();
}
