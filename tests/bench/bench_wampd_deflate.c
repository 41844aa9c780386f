/*
 * bench_wampd_deflate.c: what it costs to compress an event, and what it saves.
 *
 *	bench_wampd_deflate
 *
 * The events are lists of orders in JSON.  An event is compressed once for all
 * its receivers, each of which saves the same bytes.  The last column is the
 * break-even: compressing takes as long as these bytes would take on a network
 * of that speed, with one receiver.  A slower network gains, or one with more
 * receivers: with 1000, it may be 1000 times as fast.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "wampd/net/deflate.h"

#define TIME_US	200000		/* for each figure */

static unsigned
number_below(unsigned n)
{
	static unsigned seed = 7;

	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % n;
}

static const char *
word(void)
{
	static const char *const words[] = { "order", "customer", "pending",
	    "shipped", "Berlin", "Hamburg", "invoice", "updated", "price",
	    "EUR" };

	return words[number_below(sizeof(words) / sizeof(words[0]))];
}

/* An EVENT of about that many bytes. */
static void
make_event(struct buf *out, size_t len)
{
	unsigned id = 1000;

	buf_reset(out);
	if (buf_add_str(out, "[8,\"shop/orders\",[") == -1)
		abort();
	while (out->len < len)
		if (buf_addf(out, "%s{\"id\":%u,\"status\":\"%s\","
		    "\"city\":\"%s\",\"total\":%u.%02u,\"updatedAt\":"
		    "\"2026-11-%02uT%02u:%02u:%02uZ\",\"note\":\"%s %s\"}",
		    id > 1000 ? "," : "", id, word(), word(),
		    number_below(5000), number_below(100),
		    number_below(30) + 1, number_below(24), number_below(60),
		    number_below(60), word(), word()) == -1)
			abort();
		else
			id++;
	out->len = len - 2;
	if (buf_add_str(out, "]]") == -1)
		abort();
}

/* What is measured. */
struct job {
	struct deflate *d;
	struct slice	in;
	struct buf	out;	/* owned */
	size_t		limit;
};

static void
compress_event(struct job *j)
{
	buf_reset(&j->out);
	(void)deflate_message(j->d, j->in, &j->out);
}

static void
inflate_event(struct job *j)
{
	buf_reset(&j->out);
	if (deflate_inflate(j->d, j->in, j->limit, &j->out) != DEFLATE_OK)
		abort();
}

/* How long it takes, in microseconds. */
static double
measure(void (*run)(struct job *), struct job *j)
{
	int64_t start, took;
	unsigned n = 0;

	run(j);
	start = clock_us();
	do {
		run(j);
		n++;
	} while ((took = clock_us() - start) < TIME_US);
	return (double)took / n;
}

static void
print_row(struct deflate *d, size_t len)
{
	struct job pack = { .d = d }, unpack = { .d = d, .limit = len };
	struct buf event = { 0 };
	double packing, unpacking = 0, saved;

	make_event(&event, len);
	pack.in = buf_slice(&event);
	packing = measure(compress_event, &pack);
	unpack.in = buf_slice(&pack.out);
	if (unpack.in.len > 0)
		unpacking = measure(inflate_event, &unpack);
	saved = unpack.in.len > 0 ? (double)(len - unpack.in.len) : 0;
	printf("deflate: %6zu %6zu %6.2f %9.1f %9.1f %8.0f %12.0f %8.0f\n", len,
	    unpack.in.len, unpack.in.len > 0 ? (double)unpack.in.len /
	    (double)len : 1, packing, unpacking, saved, 1000 * saved,
	    saved * 8 / packing);
	buf_clear(&event);
	buf_clear(&pack.out);
	buf_clear(&unpack.out);
}

int
main(void)
{
	static const size_t sizes[] = { 64, 100, 128, 192, 256, 512, 1024,
	    4096, 16384, 65536 };
	struct deflate *d = deflate_new();
	size_t i;

	if (d == NULL)
		abort();
	printf("deflate:  bytes packed  ratio   us pack us unpack  saves 1"
	    "  saves 1000   Mbit/s\n");
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		print_row(d, sizes[i]);
	deflate_free(d);
	return 0;
}
