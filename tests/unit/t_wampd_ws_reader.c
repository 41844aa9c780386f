/*
 * t_wampd_ws_reader.c: the frames of a WebSocket client, in any pieces.
 */
#include "wampd/net/ws_reader.h"

#include <malloc.h>
#include <stdlib.h>

#include "client_frame.h"
#include "proto/close_code.h"
#include "tap.h"
#include "ws_items.h"

#define LIMIT	20	/* bytes of a message */

struct frame {
	unsigned     first;	/* byte; 0 without a payload: the end */
	struct slice payload;
};

struct row {
	const char  *name;
	bool	     deflate;
	struct frame frames[9];
	const char  *want;	/* as ws_items_read() writes it */
};

/* In two pieces, cut at each place. */
static bool
same_in_two(struct slice bytes, const struct ws_reader_rules *rules,
    const char *want)
{
	struct buf got = { 0 };
	struct ws_reader r = { 0 };
	bool same = true;
	size_t n;

	for (n = 0; n <= bytes.len && same; n++) {
		buf_reset(&got);
		ws_items_read(&got, &r, rules, slice_of(bytes.p, n));
		ws_items_read(&got, &r, rules, slice_of(bytes.p + n,
		    bytes.len - n));
		ws_reader_clear(&r);
		same = slice_eq(buf_slice(&got), slice_str(want));
	}
	buf_clear(&got);
	return same;
}

/* Read one byte after the other.  Returns after how many the last item was
 * found. */
static size_t
read_bytes(struct buf *got, struct slice bytes,
    const struct ws_reader_rules *rules)
{
	struct ws_reader r = { 0 };
	size_t n, before, last = 0;

	for (n = 0; n < bytes.len; n++) {
		before = got->len;
		ws_items_read(got, &r, rules, slice_of(bytes.p + n, 1));
		if (got->len > before)
			last = n + 1;
	}
	ws_reader_clear(&r);
	return last;
}

/* Returns after how many bytes the last item was found. */
static size_t
check(const char *name, struct slice bytes, const struct ws_reader_rules *rules,
    const char *want)
{
	struct buf got = { 0 };
	struct ws_reader r = { 0 };
	size_t last;

	ws_items_read(&got, &r, rules, bytes);
	ws_reader_clear(&r);
	tap_slice(buf_slice(&got), want, "%s", name);
	tap_ok(same_in_two(bytes, rules, want), "%s, in two pieces", name);
	buf_reset(&got);
	last = read_bytes(&got, bytes, rules);
	tap_slice(buf_slice(&got), want, "%s, byte by byte", name);
	buf_clear(&got);
	return last;
}

static const struct row rows[] = {
	{ "text", false, { { TEXT, P("hello") } }, "text hello\n" },
	{ "binary", false, { { BINARY, P("\x01\xff") } },
	    "binary \x01\xff\n" },
	{ "nothing", false, { { TEXT, P("") }, { BINARY, P("") } },
	    "text \nbinary \n" },
	{ "several messages", false, { { TEXT, P("a") }, { TEXT, P("b") },
	    { TEXT, P("0123456789abcdef") } },
	    "text a\ntext b\ntext 0123456789abcdef\n" },
	{ "fragments", false, { { TEXT_PART, P("he") }, { PART, P("l") },
	    { PART, P("") }, { LAST, P("lo") }, { TEXT, P("b") } },
	    "text hello\ntext b\n" },
	{ "empty fragments", false, { { BINARY_PART, P("") }, { PART, P("") },
	    { LAST, P("") } }, "binary \n" },
	{ "control frames", false, { { PING, P("") }, { PONG, P("abc") },
	    { PING, P("abc") } }, "ping \npong abc\nping abc\n" },
	{ "control frames between fragments", false, { { PING, P("1") },
	    { TEXT_PART, P("he") }, { PING, P("2") }, { PART, P("l") },
	    { PONG, P("3") }, { PING, P("") }, { LAST, P("lo") },
	    { PING, P("4") } },
	    "ping 1\nping 2\npong 3\nping \ntext hello\nping 4\n" },
	{ "a ping of any bytes", false, { { PING, P("\xff\x80") } },
	    "ping \xff\x80\n" },

	{ "characters of two and more bytes", false, { { TEXT,
	    P("\xce\xba\xe1\xbd\xb9\xf0\x9f\x98\x80") } },
	    "text \xce\xba\xe1\xbd\xb9\xf0\x9f\x98\x80\n" },
	{ "a character in fragments", false, { { TEXT_PART, P("\xf0") },
	    { PART, P("\x9f\x98") }, { PING, P("\x9f") },
	    { LAST, P("\x80") } },
	    "ping \x9f\ntext \xf0\x9f\x98\x80\n" },
	{ "invalid text", false, { { TEXT, P("a") }, { TEXT, P("ab\xff") },
	    { TEXT, P("c") } }, "text a\nfault 1007 text is not UTF-8\n" },
	{ "invalid text in a later fragment", false, { { TEXT_PART, P("ab") },
	    { LAST, P("c\x80") } }, "fault 1007 text is not UTF-8\n" },
	{ "an invalid byte behind a cut", false, { { TEXT_PART, P("\xe1") },
	    { LAST, P("a") } }, "fault 1007 text is not UTF-8\n" },
	{ "an invalid byte behind a cut, at once", false,
	    { { TEXT_PART, P("\xe1") }, { PART, P("a") } },
	    "fault 1007 text is not UTF-8\n" },
	{ "text that ends in a character", false, { { TEXT, P("a\xe1\xbd") } },
	    "fault 1007 text is not UTF-8\n" },
	{ "fragments that end in a character", false, { { TEXT_PART, P("a") },
	    { LAST, P("\xe1") } }, "fault 1007 text is not UTF-8\n" },
	{ "a surrogate in fragments", false, { { TEXT_PART, P("\xed") },
	    { PART, P("\xa0") } }, "fault 1007 text is not UTF-8\n" },

	{ "compressed", true, { { TEXT | RSV1, P("\xff") }, { TEXT, P("a") },
	    { BINARY | RSV1, P("\xff") } },
	    "compressed text \xff\ntext a\ncompressed binary \xff\n" },
	{ "compressed fragments", true, { { TEXT_PART | RSV1, P("\xff") },
	    { PING, P("p") }, { LAST, P("\xfe") }, { TEXT, P("a") } },
	    "ping p\ncompressed text \xff\xfe\ntext a\n" },
	{ "RSV1 that was not agreed on", false, { { TEXT | RSV1, P("a") } },
	    "fault 1002 RSV1 is set\n" },
	{ "RSV1 in a later fragment", true, { { TEXT_PART | RSV1, P("a") },
	    { LAST | RSV1, P("b") } }, "fault 1002 RSV1 is set\n" },
	{ "RSV1 in a control frame", true, { { PING | RSV1, P("a") } },
	    "fault 1002 RSV1 is set\n" },
	{ "RSV2", true, { { TEXT | RSV2, P("a") } },
	    "fault 1002 reserved bit is set\n" },
	{ "RSV3 in a control frame", false, { { CLOSE | RSV3, P("") } },
	    "fault 1002 reserved bit is set\n" },

	{ "nothing to continue", false, { { LAST, P("a") } },
	    "fault 1002 nothing to continue\n" },
	{ "nothing to continue any more", false, { { TEXT_PART, P("a") },
	    { LAST, P("b") }, { PART, P("c") } },
	    "text ab\nfault 1002 nothing to continue\n" },
	{ "a message within a message", false, { { TEXT_PART, P("a") },
	    { PING, P("") }, { TEXT, P("b") } },
	    "ping \nfault 1002 message within a message\n" },
	{ "control frames in fragments", false, { { WS_PING, P("a") } },
	    "fault 1002 fragmented control frame\n" },
	{ "nothing behind a fault", false, { { LAST, P("a") },
	    { TEXT, P("b") }, { LAST, P("a") }, { CLOSE, P("") } },
	    "fault 1002 nothing to continue\n" },

	{ "close", false, { { CLOSE, P("") } }, "close 1005 \n" },
	{ "close with a code", false, { { CLOSE, P("\x03\xe8") } },
	    "close 1000 \n" },
	{ "close with a reason", false, { { TEXT, P("a") },
	    { CLOSE, P("\x03\xe9g\xc3\xa9" "ant") } },
	    "text a\nclose 1001 g\xc3\xa9" "ant\n" },
	{ "nothing behind a close", false, { { CLOSE, P("\x0b\xb8x") },
	    { TEXT, P("a") }, { PING, P("") }, { CLOSE, P("") },
	    { LAST, P("") } }, "close 3000 x\n" },
	{ "close within a message", false, { { TEXT_PART, P("a") },
	    { CLOSE, P("") }, { LAST, P("b") } }, "close 1005 \n" },
	{ "half a close code", false, { { CLOSE, P("\x03") } },
	    "fault 1002 close code is cut off\n" },
	{ "a close code that cannot be", false, { { CLOSE, P("\x03\xed") } },
	    "fault 1002 invalid close code\n" },
	{ "a close reason that is not text", false, { { CLOSE,
	    P("\x03\xe8\xff") }, { TEXT, P("a") } },
	    "fault 1007 close reason is not UTF-8\n" },
	{ "a close reason that is cut off", false, { { CLOSE,
	    P("\x03\xe8" "a\xe1") } },
	    "fault 1007 close reason is not UTF-8\n" },

	{ "the limit", false, { { TEXT, P("0123456789abcdefghij") } },
	    "text 0123456789abcdefghij\n" },
	{ "above the limit", false, { { TEXT, P("0123456789abcdefghijk") },
	    { TEXT, P("next") } }, "too big\ntext next\n" },
	{ "fragments at the limit", false, { { TEXT_PART, P("0123456789") },
	    { PART, P("abcdefghi") }, { PART, P("j") }, { LAST, P("") } },
	    "text 0123456789abcdefghij\n" },
	{ "fragments above the limit", false, { { BINARY_PART,
	    P("0123456789") }, { PART, P("abcdefghijk") }, { PING, P("p") },
	    { PART, P("x") }, { LAST, P("0123456789abcdefghijk") },
	    { PONG, P("p") }, { TEXT, P("next") } },
	    "too big\nping p\npong p\ntext next\n" },
	{ "text above the limit is not checked", false, { { TEXT_PART,
	    P("0123456789abcdefghijk\xff") }, { LAST, P("\xe1") },
	    { TEXT, P("next") } }, "too big\ntext next\n" },
	{ "above the limit twice", false, { { TEXT_PART,
	    P("0123456789abcdefghijk") }, { LAST, P("") }, { BINARY,
	    P("0123456789abcdefghijk") }, { CLOSE, P("") } },
	    "too big\ntoo big\nclose 1005 \n" },
	{ "a fault above the limit", false, { { TEXT_PART,
	    P("0123456789abcdefghijk") }, { TEXT, P("a") } },
	    "too big\nfault 1002 message within a message\n" },
	{ "compressed above the limit", true, { { TEXT | RSV1,
	    P("0123456789abcdefghijk") }, { TEXT, P("a") } },
	    "too big\ntext a\n" },
	{ "control frames above the limit", false, { { PING,
	    P("0123456789abcdefghijk") }, { CLOSE,
	    P("\x03\xe8" "0123456789abcdefghijk") } },
	    "ping 0123456789abcdefghijk\n"
	    "close 1000 0123456789abcdefghijk\n" },
};

static void
test_rows(void)
{
	const struct row *row;
	const struct frame *f;
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row = &rows[i];
		buf_reset(&b);
		for (f = row->frames; f->payload.p != NULL; f++)
			client_frame_add(&b, f->first, f->payload);
		(void)check(row->name, buf_slice(&b), &(struct ws_reader_rules){
		    LIMIT, row->deflate }, row->want);
	}
	buf_clear(&b);
}

/* Heads, byte by byte: each fault is found at the byte that shows it. */
static const struct {
	const char  *name;
	struct slice bytes;
	size_t	     at;	/* so many bytes show it */
	const char  *want;
} heads[] = {
	{ "opcode 3", P("\x83"), 1, "fault 1002 reserved opcode\n" },
	{ "opcode 7", P("\x07"), 1, "fault 1002 reserved opcode\n" },
	{ "opcode 11", P("\x8b"), 1, "fault 1002 reserved opcode\n" },
	{ "opcode 15", P("\x8f\x80"), 1, "fault 1002 reserved opcode\n" },
	{ "RSV1", P("\xc1"), 1, "fault 1002 RSV1 is set\n" },
	{ "RSV2", P("\xa1"), 1, "fault 1002 reserved bit is set\n" },
	{ "RSV3", P("\x91"), 1, "fault 1002 reserved bit is set\n" },
	{ "a continuation", P("\x80"), 1, "fault 1002 nothing to continue\n" },
	{ "a close in fragments", P("\x08"), 1,
	    "fault 1002 fragmented control frame\n" },
	{ "a pong in fragments", P("\x0a"), 1,
	    "fault 1002 fragmented control frame\n" },
	{ "no mask", P("\x81\x05hello"), 2,
	    "fault 1002 frame is not masked\n" },
	{ "no mask, and no payload", P("\x82\x00"), 2,
	    "fault 1002 frame is not masked\n" },
	{ "a ping of 126 bytes", P("\x89\xfe"), 2,
	    "fault 1002 control frame is too long\n" },
	{ "a close of many bytes", P("\x88\xff"), 2,
	    "fault 1002 control frame is too long\n" },
	{ "a close of one byte", P("\x88\x81"), 2,
	    "fault 1002 close code is cut off\n" },
	{ "125 in two bytes", P("\x81\xfe\x00\x7d" "1234" "12345678"), 4,
	    "fault 1002 length in more bytes than it needs\n" },
	{ "0 in two bytes", P("\x82\xfe\x00\x00" "1234"), 4,
	    "fault 1002 length in more bytes than it needs\n" },
	{ "65535 in eight bytes", P("\x82\xff\0\0\0\0\0\0\xff\xff"), 8,
	    "fault 1002 length in more bytes than it needs\n" },
	{ "1 in eight bytes", P("\x82\xff\0\0\0\0\0\0\0\1"), 8,
	    "fault 1002 length in more bytes than it needs\n" },
	{ "the highest bit", P("\x82\xff\x80\0\0\0\0\0\0\0"), 3,
	    "fault 1002 length with the highest bit\n" },
	{ "all bits", P("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff"), 3,
	    "fault 1002 length with the highest bit\n" },
	{ "above the limit", P("\x81\x95" "1234"), 2, "too big\n" },
	{ "126 bytes", P("\x81\xfe\x00\x7e" "1234"), 4, "too big\n" },
	{ "65536 bytes", P("\x81\xff\0\0\0\0\0\1\0\0" "1234"), 10,
	    "too big\n" },
	{ "2^63 - 1 bytes", P("\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff"
	    "1234abc"), 10, "too big\n" },
	{ "an invalid byte before the rest", P("\x81\x89\0\0\0\0ab\xff"), 9,
	    "fault 1007 text is not UTF-8\n" },
	{ "a surrogate before the rest", P("\x81\x89\0\0\0\0\xed\xa0"), 8,
	    "fault 1007 text is not UTF-8\n" },
};

/* In one piece with all its payload, the length is read in another way. */
static void
test_lengths(void)
{
	const struct ws_reader_rules rules = { 1000, false };
	struct buf b = { 0 };

	buf_add(&b, "\x81\xfe\x00\x7d\0\0\0", 8);
	buf_fill(&b, 'a', 125);
	(void)check("125 in two bytes, whole", buf_slice(&b), &rules,
	    "fault 1002 length in more bytes than it needs\n");
	buf_clear(&b);
}

static void
test_heads(void)
{
	const struct ws_reader_rules rules = { LIMIT, false };
	size_t i, at;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		at = check(heads[i].name, heads[i].bytes, &rules,
		    heads[i].want);
		tap_int((int64_t)at, (int64_t)heads[i].at,
		    "%s: found at the byte that shows it", heads[i].name);
	}
}

/* Every first byte, alone and in a message: what RFC 6455 does not define is
 * refused. */
static void
test_first_bytes(void)
{
	const struct ws_reader_rules rules = { LIMIT, true };
	struct ws_item item;
	unsigned first, opcode, wrong = 0x100;
	bool right, started;

	for (first = 0; first < 0x200; first++) {
		char bytes[] = { TEXT_PART, (char)0x80, 0, 0, 0, 0,
		    (char)first };
		struct ws_reader r = { 0 };
		struct ws_input in;

		started = first >= 0x100;
		in = started ? (struct ws_input){ bytes, 7 } :
		    (struct ws_input){ bytes + 6, 1 };
		opcode = first & 0xf;
		right = opcode >= WS_CLOSE ? opcode <= WS_PONG &&
		    (first & 0xf0) == FIN : (first & (RSV2 | RSV3)) == 0 &&
		    opcode <= BINARY_PART && started == (opcode == PART) &&
		    (!started || !(first & RSV1));
		if (ws_reader_next(&r, &rules, &in, &item) !=
		    (right ? WS_GOT_MORE : WS_GOT_FAULT))
			wrong = first;
		ws_reader_clear(&r);
	}
	tap_int(wrong, 0x100, "each first byte is taken or refused");
}

/* Every close code that can be written in two bytes. */
static void
test_close_codes(void)
{
	const struct ws_reader_rules rules = { LIMIT, false };
	struct ws_item item;
	unsigned code, wrong = 0;
	bool right;

	for (code = 0; code <= 0xffff; code++) {
		char bytes[] = { (char)CLOSE, (char)0x82, 0, 0, 0, 0,
		    (char)(code >> 8), (char)code };
		struct ws_input in = { bytes, sizeof(bytes) };
		struct ws_reader r = { 0 };

		if (ws_reader_next(&r, &rules, &in, &item) == WS_GOT_CLOSE)
			right = close_code_may_be_sent(code) &&
			    item.code == code && item.payload.len == 2;
		else
			right = !close_code_may_be_sent(code) &&
			    item.code == CLOSE_PROTOCOL;
		if (!right)
			wrong = code;
		ws_reader_clear(&r);
	}
	tap_int(wrong, 0, "each close code is taken or refused");
}
/* What is kept of a message while it is incomplete.  (The sanitizers and
 * valgrind see whether it is freed.) */
static void
test_memory(void)
{
	const struct ws_reader_rules rules = { UINT64_MAX, false };
	struct ws_reader r = { 0 };
	struct buf b = { 0 }, got = { 0 };
	size_t used;

	client_frame_add_head(&b, BINARY_PART, (uint64_t)1 << 62);
	buf_fill(&b, 'a', 100);
	buf_reserve(&got, 100);
	used = mallinfo2().uordblks;
	ws_items_read(&got, &r, &rules, buf_slice(&b));
	used = mallinfo2().uordblks - used;
	tap_ok(!ws_reader_is_idle(&r), "something is kept of a long message");
	tap_ok(used < 1024, "but not more than has come (%zu bytes)", used);
	ws_reader_clear(&r);
	tap_ok(ws_reader_is_idle(&r), "the reader is cleared");

	buf_reset(&b);
	client_frame_add(&b, BINARY_PART, SLICE("a"));
	client_frame_add(&b, LAST, SLICE("b"));
	ws_items_read(&got, &r, &rules, buf_slice(&b));
	tap_slice(buf_slice(&got), "binary ab\n", "it is usable again");
	tap_ok(ws_reader_is_idle(&r), "nothing is kept of a whole message");

	buf_reset(&b);
	client_frame_add_head(&b, BINARY_PART, 60000);
	buf_fill(&b, 'a', 60000);
	client_frame_add_head(&b, PART, 60000);
	buf_reserve(&got, 100);
	used = mallinfo2().uordblks;
	ws_items_read(&got, &r, &(struct ws_reader_rules){ 100000, false },
	    buf_slice(&b));
	tap_ok(mallinfo2().uordblks - used < 1024,
	    "nothing is kept of fragments that became too large");
	ws_reader_clear(&r);

	buf_reset(&b);
	client_frame_add(&b, TEXT, SLICE("0123456789abcdefghijk"));
	ws_items_read(&got, &r, &(struct ws_reader_rules){ LIMIT, false },
	    buf_slice(&b));
	tap_ok(ws_reader_is_idle(&r), "nothing of one above the limit");
	client_frame_add(&b, PING, SLICE("a"));
	ws_items_read(&got, &r, &rules, slice_of(b.data, b.len - 1));
	tap_ok(!ws_reader_is_idle(&r), "something of half a ping");
	ws_items_read(&got, &r, &rules, slice_of(b.data + b.len - 1, 1));
	tap_ok(ws_reader_is_idle(&r), "nothing of a whole one");
	buf_clear(&b);
	buf_clear(&got);
}

/* The message stays in the input, whatever its length. */
static void
test_in_place(void)
{
	const struct ws_reader_rules rules = { UINT64_MAX, false };
	static const size_t lengths[] = { 0, 1, 7, 8, 125, 126, 65535,
	    65536, 300000 };
	struct buf b = { 0 }, payload = { 0 };
	struct ws_item item;
	size_t i;

	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct ws_reader r = { 0 };
		struct ws_input in;

		buf_reset(&b);
		buf_reset(&payload);
		buf_fill(&payload, 'x', lengths[i]);
		client_frame_add(&b, TEXT, buf_slice(&payload));
		buf_add_char(&b, '!');
		in = (struct ws_input){ b.data, b.len };
		tap_int(ws_reader_next(&r, &rules, &in, &item), WS_GOT_MESSAGE,
		    "%zu bytes", lengths[i]);
		tap_ok(slice_eq(item.payload, buf_slice(&payload)) &&
		    item.payload.p == in.p - item.payload.len && in.len == 1 &&
		    *in.p == '!', "stay in the input");
	}
	buf_clear(&b);
	buf_clear(&payload);
}

int
main(void)
{
	test_rows();
	test_heads();
	test_lengths();
	test_first_bytes();
	test_close_codes();
	test_in_place();
	test_memory();
	return tap_done();
}
