/*
 * t_wampd_deflate.c: the messages of permessage-deflate, with the examples of
 * RFC 7692 section 7.2.3.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tap.h"
#include "wampd/net/deflate.h"

#define LIMIT	1000

/* SLICE() is not constant. */
#define BYTES(lit)	{ (lit), sizeof(lit) - 1 }

static struct deflate *d;

/* ---- decompressing ---- */

static const struct {
	const char *what;
	struct slice in;
	const char *says;	/* NULL: broken */
} messages[] = {
	{ "one block", BYTES("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello" },
	{ "no compression",
	    BYTES("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), "Hello" },
	{ "a last block", BYTES("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), "Hello" },
	{ "two blocks",
	    BYTES("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"),
	    "Hello" },
	{ "an empty block", BYTES("\x00"), "" },
	{ "nothing", { NULL, 0 }, "" },
	{ "a block behind the last, which refers to what was said before",
	    BYTES("\xf3\x48\xcd\xc9\xc9\xd7\x51\x00\x00\xf2\x40\xa2\x00\x00"),
	    "Hello, Hello, Hello" },
	{ "two last blocks", BYTES("\x03\x00\x03\x00\x00"), "" },
	{ "what refers to an earlier message", BYTES("\xf2\x00\x11\x00\x00"),
	    NULL },
	{ "a last block without a byte behind it",
	    BYTES("\xf3\x48\xcd\xc9\xc9\x07\x00"), NULL },
	{ "a byte more", BYTES("\xf2\x48\xcd\xc9\xc9\x07\x00\x00"), NULL },
	{ "the tail", BYTES("\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff"),
	    NULL },
	{ "a block that contains the tail", BYTES("\x00\x04\x00\xfb\xff"),
	    NULL },
	{ "wrong length", BYTES("\x00\x05\x00\xfa\xfe\x48\x65\x6c\x6c\x6f"),
	    NULL },
	{ "a type of blocks that does not exist", BYTES("\x06"), NULL },
	{ "text", BYTES("[7,\"t\",1]"), NULL },
};

static enum deflate_result
inflate_to(struct slice in, size_t limit, struct buf *out)
{
	buf_clear(out);
	return deflate_inflate(d, in, limit, out);
}

static void
test_messages(void)
{
	struct buf out = { 0 };
	enum deflate_result got;
	size_t i;

	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		const char *says = messages[i].says, *what = messages[i].what;

		got = inflate_to(messages[i].in, LIMIT, &out);
		tap_int(got, says != NULL ? DEFLATE_OK : DEFLATE_BROKEN, "%s",
		    what);
		tap_slice(buf_slice(&out), says != NULL ? says : "",
		    "%s: what it says", what);
	}
	buf_clear(&out);
}

static void
test_cut(void)
{
	struct slice whole = messages[0].in;
	struct buf out = { 0 };
	size_t n, broken = 0;

	for (n = 1; n < whole.len; n++)
		broken += inflate_to(slice_of(whole.p, n), LIMIT, &out) ==
		    DEFLATE_BROKEN && out.len == 0;
	tap_int((int64_t)broken, (int64_t)whole.len - 1,
	    "each beginning of a message is broken");
	tap_int(inflate_to(whole, LIMIT, &out), DEFLATE_OK,
	    "that does not harm the next message");
	tap_int(deflate_inflate(d, whole, LIMIT, &out), DEFLATE_OK,
	    "a message is appended");
	tap_slice(buf_slice(&out), "HelloHello", "to what there is");
	tap_int(deflate_inflate(d, whole, 4, &out), DEFLATE_TOO_BIG,
	    "one that is too big");
	tap_int(deflate_inflate(d, SLICE("\xf2\x48\xcd"), LIMIT, &out),
	    DEFLATE_BROKEN, "and one that is broken");
	tap_slice(buf_slice(&out), "HelloHello", "are not");
	buf_clear(&out);
}

/* ---- limits ---- */

/* len times the same byte, compressed. */
static void
make_bomb(struct buf *bomb, size_t len)
{
	struct buf plain = { 0 };

	buf_reset(bomb);
	if (buf_fill(&plain, 'a', len) == -1 ||
	    deflate_message(d, buf_slice(&plain), bomb) != DEFLATE_OK)
		abort();
	buf_clear(&plain);
}

static void
test_limit(void)
{
	static const size_t sizes[] = { 100, 511, 512, 513, 4096, 100000,
	    1000000 };
	struct buf bomb = { 0 }, out = { 0 };
	size_t i, n;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		n = sizes[i];
		make_bomb(&bomb, n);
		tap_int(inflate_to(buf_slice(&bomb), n, &out), DEFLATE_OK,
		    "%zu bytes are allowed", n);
		tap_ok(out.len == n && out.data[n - 1] == 'a', "they come");
		tap_ok(out.cap <= n, "there is no room for more");
		tap_int(inflate_to(buf_slice(&bomb), n - 1, &out),
		    DEFLATE_TOO_BIG, "one less is allowed");
		tap_ok(out.len == 0 && out.cap < n, "there is no room for it");
	}
	make_bomb(&bomb, 10000000);
	tap_ok(bomb.len < 50000, "10 MB are compressed to 50 kB");
	tap_int(inflate_to(buf_slice(&bomb), 65536, &out), DEFLATE_TOO_BIG,
	    "they are too big");
	tap_ok(out.cap <= 65536, "and take no memory");
	tap_int(inflate_to(SLICE("\x00"), 0, &out), DEFLATE_OK,
	    "an empty message has no limit");
	tap_int(inflate_to(messages[0].in, 0, &out), DEFLATE_TOO_BIG,
	    "another one has");
	buf_clear(&bomb);
	buf_clear(&out);
}

/* Eight blocks with codes of their own, of which two symbols are used: they
 * say nothing. */
static const struct slice dear = BYTES(
    "\x04\xc0\x81\x00\x00\x00\x00\x00\x90\xff\x6a\x24\x00\x0e\x04\x00\x00\x00"
    "\x00\x80\xfc\x57\x23\x01\x70\x20\x00\x00\x00\x00\x00\xe4\xbf\x1a\x09\x80"
    "\x03\x01\x00\x00\x00\x00\x20\xff\xd5\x48\x00\x1c\x08\x00\x00\x00\x00\x00"
    "\xf9\xaf\x46\x02\xe0\x40\x00\x00\x00\x00\x00\xc8\x7f\x35\x12\x00\x07\x02"
    "\x00\x00\x00\x00\x40\xfe\xab\x91\x00\x38\x10\x00\x00\x00\x00\x00\xf2\x5f"
    "\x8d");

/* A message of n times these bytes and an empty block. */
static enum deflate_result
repeat(struct slice part, size_t n)
{
	struct buf in = { 0 }, out = { 0 };
	enum deflate_result got;

	while (n-- > 0)
		if (buf_add_slice(&in, part) == -1)
			abort();
	if (buf_add_char(&in, '\0') == -1)
		abort();
	got = deflate_inflate(d, buf_slice(&in), LIMIT, &out);
	tap_int((int64_t)out.len, 0, "it says nothing");
	buf_clear(&in);
	buf_clear(&out);
	return got;
}

static void
test_blocks(void)
{
	tap_int(repeat(dear, 2), DEFLATE_OK, "16 blocks with codes");
	tap_int(repeat(dear, 3), DEFLATE_TOO_BIG, "24 of them");
	tap_int(repeat(SLICE("\x03\x00"), 16), DEFLATE_OK, "16 last blocks");
	tap_int(repeat(SLICE("\x03\x00"), 17), DEFLATE_TOO_BIG, "17 of them");
	tap_int(repeat(SLICE("\x00\x00\x00\xff\xff"), 10000), DEFLATE_OK,
	    "10000 blocks that cost nothing");
}

/* What the compressors of others make is not refused, whatever their
 * parameters. */
static void
test_others(void)
{
	static char text[200000], packed[sizeof(text) * 2];
	struct buf out = { 0 };
	unsigned seed = 1, good = 0;
	int level, memory, bits;
	z_stream z;
	size_t i;

	for (i = 0; i < sizeof(text); i++) {
		seed = seed * 1103515245 + 12345;
		text[i] = "0123456789abcdef"[seed >> 20 & 15];
	}
	for (level = 0; level <= 9; level += 3)
		for (memory = 1; memory <= 9; memory += 4)
			for (bits = 9; bits <= 15; bits += 3) {
				z = (z_stream){ .zalloc = NULL };
				if (deflateInit2(&z, level, Z_DEFLATED, -bits,
				    memory, Z_DEFAULT_STRATEGY) != Z_OK)
					abort();
				z.next_in = (Bytef *)text;
				z.avail_in = sizeof(text);
				z.next_out = (Bytef *)packed;
				z.avail_out = sizeof(packed);
				(void)deflate(&z, Z_SYNC_FLUSH);
				(void)deflateEnd(&z);
				good += inflate_to(slice_of(packed,
				    sizeof(packed) - z.avail_out - 4),
				    sizeof(text), &out) == DEFLATE_OK &&
				    slice_eq(buf_slice(&out), slice_of(text,
				    sizeof(text)));
			}
	tap_int(good, 36, "any level, memory and window");
	buf_clear(&out);
}

/* ---- compressing ---- */

static void
test_round(const char *what, struct slice in, bool smaller)
{
	struct buf packed = { 0 }, again = { 0 }, out = { 0 };

	if (buf_add_str(&packed, "before") == -1)
		abort();
	tap_int(deflate_message(d, in, &packed),
	    smaller ? DEFLATE_OK : DEFLATE_NOT_SMALLER, "%s", what);
	tap_ok(slice_starts(buf_slice(&packed), SLICE("before")),
	    "what was there is kept");
	if (!smaller) {
		tap_int((int64_t)packed.len, 6, "nothing is added");
	} else {
		buf_consume(&packed, 6);
		tap_ok(packed.len < in.len, "it is smaller");
		tap_int(inflate_to(buf_slice(&packed), in.len, &out),
		    DEFLATE_OK, "it is decompressed");
		tap_ok(slice_eq(buf_slice(&out), in), "to the same");
		(void)deflate_message(d, in, &again);
		tap_ok(slice_eq(buf_slice(&packed), buf_slice(&again)),
		    "the second time, it gives the same");
	}
	buf_clear(&packed);
	buf_clear(&again);
	buf_clear(&out);
}

static void
test_compress(void)
{
	struct buf text = { 0 };
	unsigned seed = 1;
	int i;

	test_round("an empty message", slice_of("", 0), false);
	test_round("one byte", SLICE("1"), false);
	test_round("a short message", SLICE("Hello"), false);
	test_round("a message that repeats", SLICE("[8,\"t\",[1,1,1,1,1,1]]"),
	    true);
	for (i = 0; i < 20000; i++)
		if (buf_addf(&text, "{\"id\":%d,\"state\":\"open\"},", i) == -1)
			abort();
	test_round("a large message", buf_slice(&text), true);
	buf_reset(&text);
	for (i = 0; i < 100000; i++) {
		seed = seed * 1103515245 + 12345;
		if (buf_add_char(&text, (char)(seed >> 16)) == -1)
			abort();
	}
	test_round("noise", buf_slice(&text), false);
	buf_clear(&text);
}

/* A message that repeats itself after 3 KiB and after 6, for a peer whose
 * window has 2^12 bytes. */
static void
test_window(void)
{
	struct buf text = { 0 }, packed = { 0 };
	static char back[65536];
	z_stream z = { .zalloc = NULL };
	unsigned seed = 1;
	int i;

	for (i = 0; i < 6000; i++) {
		seed = seed * 1103515245 + 12345;
		if (buf_addf(&text, "%x", seed >> 16 & 15) == -1)
			abort();
	}
	if (buf_reserve(&text, 9000) == -1 ||
	    buf_add(&text, text.data + 3000, 3000) == -1 ||
	    buf_add(&text, text.data, 6000) == -1)
		abort();
	tap_int(deflate_message(d, buf_slice(&text), &packed), DEFLATE_OK,
	    "a message larger than the window");
	if (buf_add(&packed, "\0\0\377\377", 4) == -1 ||
	    inflateInit2(&z, -DEFLATE_WINDOW_BITS) != Z_OK)
		abort();
	/* With so little room, zlib must use its window. */
	z.next_in = (Bytef *)packed.data;
	z.avail_in = (uInt)packed.len;
	z.next_out = (Bytef *)back;
	do
		z.avail_out = 100;
	while (inflate(&z, Z_SYNC_FLUSH) == Z_OK && z.avail_out == 0);
	tap_ok(slice_eq(buf_slice(&text), slice_of(back, z.total_out)),
	    "a peer with that window understands it");
	(void)inflateEnd(&z);
	buf_clear(&text);
	buf_clear(&packed);
}

int
main(void)
{
	d = deflate_new();
	if (d == NULL)
		abort();
	test_messages();
	test_cut();
	test_limit();
	test_blocks();
	test_others();
	test_compress();
	test_window();
	deflate_free(d);
	deflate_free(NULL);
	return tap_done();
}
