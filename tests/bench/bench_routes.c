/*
 * bench_routes.c: loading 10 000 routes, and finding the one of a topic.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "route/load.h"

#define BENCH_ROUTES	10000
#define BENCH_ROUNDS	20	/* of asking for a topic of each route */

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
compare_ns(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* What a broker keeps for a topic that it has seen. */
struct cached {
	struct slice	    topic;
	const struct route *route;
};

static struct slice
cached_topic(const void *value)
{
	return ((const struct cached *)value)->topic;
}

/* The median of looking for one topic of each route, now and again. */
static int64_t
median_match(const struct routes *r, const struct cached *topics)
{
	static int64_t spent[BENCH_ROUTES * BENCH_ROUNDS];
	struct buf topic = { 0 };
	struct route_attrs attrs;
	size_t i, k, n = 0;
	int64_t start;

	for (k = 0; k < BENCH_ROUNDS; k++)
		for (i = 0; i < BENCH_ROUTES; i++) {
			/* not in their order, which the cache would like */
			size_t at = i * 7919 % BENCH_ROUTES;

			/* just read, as in a broker */
			buf_reset(&topic);
			(void)buf_add_slice(&topic, topics[at].topic);
			start = now_ns();
			if (routes_match(r, buf_slice(&topic), &attrs) != NULL)
				spent[n++] = now_ns() - start;
		}
	buf_clear(&topic);
	if (n == 0)
		return -1;
	qsort(spent, n, sizeof(spent[0]), compare_ns);
	return spent[n / 2];
}

static int64_t
mean_cached(const struct routes *r, struct cached *topics)
{
	struct map cache;
	int64_t start, spent;
	size_t i, k, found = 0;

	map_init(&cache, cached_topic);
	for (i = 0; i < BENCH_ROUTES; i++) {
		topics[i].route = routes_at(r, i);
		if (map_insert(&cache, &topics[i]) == -1)
			break;
	}
	start = now_ns();
	for (k = 0; k < BENCH_ROUNDS; k++)
		for (i = 0; i < BENCH_ROUTES; i++)
			found += map_find(&cache, topics[i].topic) != NULL;
	spent = now_ns() - start;
	map_clear(&cache);
	return found > 0 ? spent / (int64_t)found : -1;
}

/* Append the text with the number for each '#'. */
static void
add_numbered(struct buf *out, const char *text, int number)
{
	for (; *text != '\0'; text++)
		if (*text == '#')
			(void)buf_addf(out, "%d", number);
		else
			(void)buf_add_char(out, *text);
}

/* channel and topic have a '#' for the route's number. */
static int
measure(const char *name, const char *channel, const char *topic)
{
	static struct cached topics[BENCH_ROUTES];
	struct buf text = { 0 }, line = { 0 };
	struct arena mem = { 0 };
	struct diags d = { 0 };
	int64_t start, loaded;
	struct routes *r;
	int i;

	for (i = 0; i < BENCH_ROUTES; i++) {
		(void)buf_addf(&text, "route_%d:\n    channel: '", i);
		add_numbered(&text, channel, i);
		(void)buf_add_str(&text, "'\n    handler: demo\n"
		    "    requirements:\n        id: '\\d+'\n");
		buf_reset(&line);
		add_numbered(&line, topic, i);
		topics[i].topic = slice_of(arena_copy(&mem, buf_slice(&line)),
		    line.len);
	}
	start = now_ns();
	r = routes_load_text(name, buf_slice(&text), false, &d);
	loaded = now_ns() - start;
	if (r != NULL)
		printf("%-24s load %6.1f ms  match, median %5lld ns  cached "
		    "%4lld ns\n", name, (double)loaded / 1e6,
		    (long long)median_match(r, topics),
		    (long long)mean_cached(r, topics));
	diag_print(&d, stderr);
	routes_free(r);
	diag_clear(&d);
	buf_clear(&text);
	buf_clear(&line);
	arena_clear(&mem);
	return r != NULL ? 0 : -1;
}

int
main(void)
{
	return measure("own starts", "app#/{id}/{name}",
	    "app#/123/north") == 0 &&
	    measure("one start, own middles", "app/{id}/area#/{name}",
	    "app/123/area#/north") == 0 &&
	    measure("one start, own ends", "app/{id}.area#",
	    "app/123.area#") == 0 ? 0 : 1;
}
