/*
 * t_index.c: the index of many routes finds what trying all in order finds.
 */
#include "route/index.h"

#include <stdio.h>

#include "base/buf.h"
#include "route/load.h"
#include "tap.h"

static struct routes *
load(const struct buf *text, bool legacy)
{
	struct diags d = { 0 };
	struct routes *r = routes_load_text("t.yml", buf_slice(text), legacy,
	    &d);

	if (!tap_ok(r != NULL, "the routes load"))
		diag_print(&d, stderr);
	diag_clear(&d);
	return r;
}

/* "name a=1 b=2", or "none". */
static void
is(const struct routes *r, const char *topic, const char *want)
{
	char out[128];
	struct route_attrs attrs = { .n = 0 };
	const struct route *route = routes_match(r, slice_str(topic), &attrs);
	size_t i, len;

	len = (size_t)snprintf(out, sizeof(out), "%s",
	    route != NULL ? route->name : "none");
	for (i = 0; i < attrs.n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len,
		    " %s=%.*s", attrs.v[i].name, (int)attrs.v[i].value.len,
		    attrs.v[i].value.p);
	tap_str(out, want, "%s", topic);
}

static void
test_many(void)
{
	struct buf text = { 0 };
	char topic[64], want[64];
	struct routes *r;
	int i;

	for (i = 0; i < 10000; i++)
		(void)buf_addf(&text, "r%d: {channel: 'app%d/{id}%s', "
		    "handler: h}\n", i, i / 2, i % 2 ? "/x" : "");
	if ((r = load(&text, false)) != NULL) {
		for (i = 0; i < 10000; i += 1111) {
			(void)snprintf(topic, sizeof(topic), "app%d/7%s",
			    i / 2, i % 2 ? "/x" : "");
			(void)snprintf(want, sizeof(want), "r%d id=7", i);
			is(r, topic, want);
		}
		is(r, "app5000/7", "none");
	}
	routes_free(r);
	buf_clear(&text);
}

/* Many that differ only behind their parameter. */
static void
test_many_alike(void)
{
	struct buf text = { 0 };
	char topic[64], want[64];
	struct routes *r;
	int i;

	for (i = 0; i < 3000; i++)
		(void)buf_addf(&text, "r%d: {channel: 'app/{id}/%d/{x}', "
		    "handler: h}\n", i, i);
	if ((r = load(&text, false)) != NULL)
		for (i = 0; i < 3000; i += 333) {
			(void)snprintf(topic, sizeof(topic), "app/7/%d/8", i);
			(void)snprintf(want, sizeof(want), "r%d id=7 x=8", i);
			is(r, topic, want);
		}
	routes_free(r);
	buf_clear(&text);
}

/* ---- against trying all in order ---- */

/* A linear congruential generator: the same tests on each machine. */
static unsigned
draw(unsigned n)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u;
	return (state >> 16) % n;
}

/* Some of the pieces, as text. */
static void
draw_text(struct buf *out, const char *const *pieces, unsigned n)
{
	unsigned i, count = 1 + draw(5);

	for (i = 0; i < count; i++)
		(void)buf_add_str(out, pieces[draw(n)]);
}

static void
draw_routes(struct buf *out, bool legacy)
{
	static const char *const pieces[] = { "a", "b", "/", "/", ".", "a/",
	    "{p%u}", "{p%u}/", "/{p%u}", "{p%u<\\d+>}", "{p%u<.*>}",
	    "{p%u<[^/]*>}", "{p%u<[ab]>}.", "{p%u?1}" };
	struct buf channel = { 0 };
	unsigned i, k;

	for (i = 0; i < 40; i++) {
		buf_reset(&channel);
		draw_text(&channel, pieces, legacy ? 9 : 14);
		(void)buf_addf(out, "r%u: {handler: h, channel: 'x", i);
		for (k = 0; k < channel.len; k++) {
			if (channel.data[k] == '%')
				(void)buf_addf(out, "%u", k);
			else if (k == 0 || channel.data[k - 1] != '%')
				(void)buf_add_char(out, channel.data[k]);
		}
		(void)buf_add_str(out, "'}\n");
	}
	buf_clear(&channel);
}

static size_t
first_in_order(const struct routes *r, struct slice topic)
{
	size_t i;

	for (i = 0; i < routes_count(r); i++)
		if (pattern_match(routes_pattern(r, i), topic,
		    routes_scratch(r)))
			break;
	return i;
}

static void
test_index(bool legacy)
{
	static const char *const pieces[] = { "a", "b", "/", "/", ".", "1",
	    "a/", "/1" };
	struct buf text = { 0 }, topic = { 0 };
	size_t found = 0, wrong = 0;
	const struct route *route;
	unsigned round, i;
	struct routes *r;

	for (round = 0; round < 50; round++) {
		buf_reset(&text);
		draw_routes(&text, legacy);
		if ((r = load(&text, legacy)) == NULL)
			continue;
		for (i = 0; i < 200; i++) {
			buf_reset(&topic);
			(void)buf_add_char(&topic, 'x');
			draw_text(&topic, pieces, 8);
			route = routes_match(r, buf_slice(&topic), NULL);
			wrong += first_in_order(r, buf_slice(&topic)) !=
			    (route != NULL ? route->index : routes_count(r));
			found += route != NULL;
		}
		routes_free(r);
	}
	tap_int(wrong, 0, "the index finds the first in order");
	tap_ok(found > 1000, "of those that there are");
	buf_clear(&text);
	buf_clear(&topic);
}

/* The bytes of "é" are above all of ASCII, not below. */
static void
test_beyond_ascii(void)
{
	struct buf text = { 0 };
	struct routes *r;

	(void)buf_add_str(&text, "a: {channel: 'a/{x<[ -é]+>}/b', handler: h, "
	    "options: {utf8: true}}\nz: {channel: 'a/{y}/b', handler: h}\n");
	if ((r = load(&text, false)) != NULL) {
		is(r, "a/1/2/b", "a x=1/2");
		is(r, "a/ù/b", "z y=ù");
	}
	routes_free(r);
	buf_clear(&text);
}

int
main(void)
{
	test_many();
	test_many_alike();
	test_beyond_ascii();
	test_index(false);
	test_index(true);
	return tap_done();
}
