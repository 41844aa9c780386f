/*
 * fuzz_pattern.c: any channel with any requirements and defaults, and topics
 * of it.
 *
 *	-, u or l		nothing, utf8, or version 0.3
 *	a/{x}/{y}		the channel
 *	x=\d+			a requirement, with *x= one with a wildcard
 *	?y=1			a default
 *	>a/1			a topic
 *
 * What the pattern matches, the index must find; what is generated, sampled or
 * explained must hold.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "route/explain.h"
#include "route/generate.h"
#include "route/lint.h"
#include "route/pattern.h"
#include "route/sample.h"
#include "route/table.h"

#define PARTS_MAX	8
#define TOPICS_MAX	4

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	struct pattern_spec spec;
	struct pattern_requirement requirements[PARTS_MAX];
	struct pattern_default	   defaults[PARTS_MAX];
	struct slice	    topics[TOPICS_MAX];
	size_t		    n_topics;
};

/* The next line of *rest, or false. */
static bool
next_line(struct slice *rest, struct slice *line)
{
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->p, '\n', rest->len);
	*line = slice_of(rest->p, end != NULL ? (size_t)(end - rest->p) :
	    rest->len);
	*rest = slice_of(rest->p + line->len, rest->len - line->len);
	if (rest->len > 0)
		*rest = slice_of(rest->p + 1, rest->len - 1);
	return true;
}

/* "name=value": the name is copied, false when there is none. */
static bool
split(struct slice line, const char **name, struct slice *value,
    struct arena *mem)
{
	const char *equals = memchr(line.p, '=', line.len);
	size_t len = equals != NULL ? (size_t)(equals - line.p) : 0;

	if (len == 0 || memchr(line.p, '\0', len) != NULL)
		return false;
	*name = arena_copy(mem, slice_of(line.p, len));
	*value = slice_of(equals + 1, line.len - len - 1);
	return true;
}

static void
read_line(struct input *in, struct slice line, struct arena *mem)
{
	struct pattern_requirement r = { .file = "fuzz", .line = 1,
	    .column = 1 };
	struct pattern_default d = { .line = 1, .column = 1 };
	char kind = line.len > 0 ? line.p[0] : '\0';
	struct slice rest = line;

	if (kind == '>' || kind == '?' || kind == '*')
		rest = slice_of(line.p + 1, line.len - 1);
	if (kind == '>') {
		if (in->n_topics < TOPICS_MAX)
			in->topics[in->n_topics++] = rest;
	} else if (kind == '?') {
		if (in->spec.n_defaults < PARTS_MAX &&
		    split(rest, &d.name, &d.value, mem))
			in->defaults[in->spec.n_defaults++] = d;
	} else if (in->spec.n_requirements < PARTS_MAX &&
	    split(rest, &r.name, &r.regex, mem)) {
		r.wildcard = kind == '*';
		in->requirements[in->spec.n_requirements++] = r;
	}
}

static void
read_input(struct input *in, struct slice text, struct arena *mem)
{
	struct slice line;

	*in = (struct input){ .spec = { .file = "fuzz", .line = 1,
	    .column = 1, .channel = SLICE(""), .requirements = in->requirements,
	    .defaults = in->defaults } };
	if (next_line(&text, &line)) {
		in->spec.utf8 = memchr(line.p, 'u', line.len) != NULL;
		in->spec.legacy = memchr(line.p, 'l', line.len) != NULL;
	}
	/* No file has a NUL in a channel, which its names would end at. */
	if (next_line(&text, &line))
		in->spec.channel = slice_of(line.p, strnlen(line.p,
		    line.len));
	while (next_line(&text, &line))
		read_line(in, line, mem);
}

/* Generating from what a topic has gives a topic again, though not always this
 * one: defaults are left out, and a requirement may look around. */
static void
check_generated(const struct routes *r, const struct route_attrs *attrs)
{
	struct route_params params = { .n = 0 };
	struct buf topic = { 0 };
	struct errbuf e = { "" };
	size_t i;

	for (i = 0; i < attrs->n; i++) {
		const struct route_param param = {
		    slice_str(attrs->v[i].name), attrs->v[i].value };

		assert(route_params_add(&params, &param, &e) == 0);
	}
	if (routes_generate(&topic, r, "r", &params, &e) == -1)
		assert(e.msg[0] != '\0');
	else
		(void)routes_generate_doubt(r, "r", &params,
		    buf_slice(&topic), &e);
	buf_clear(&topic);
}

static void
check_topic(const struct routes *r, struct slice topic)
{
	const struct pattern *p = routes_pattern(r, 0);
	struct route_attrs attrs;
	const struct route *found = routes_match(r, topic, &attrs);
	struct buf why = { 0 };
	struct slice text = topic.len > 0 ? topic : SLICE("");

	assert(pattern_match(p, text, routes_scratch(r)) == (found != NULL));
	if (found != NULL) {
		assert(explain_starts(r, 0, text));
		check_generated(r, &attrs);
	} else {
		assert(explain_mismatch(&why, r, 0, text) == 0);
		assert(why.len > 0);
	}
	buf_clear(&why);
}

static void
check_routes(const struct routes *r, const struct input *in, struct diags *d)
{
	struct buf topic = { 0 };
	unsigned variant;
	size_t i;

	for (variant = 0; variant < 8; variant++) {
		buf_reset(&topic);
		assert(sample_topic(&topic, routes_pattern(r, 0), variant) ==
		    0);
		check_topic(r, buf_slice(&topic));
	}
	for (i = 0; i < in->n_topics; i++)
		check_topic(r, in->topics[i]);
	check_topic(r, in->spec.channel);
	routes_lint(r, d);
	buf_clear(&topic);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct route route = { .name = "r", .handler = "h",
	    .file = "fuzz" };
	struct routes *r = routes_new();
	struct arena mem = { 0 };
	struct diags d = { 0 };
	struct input in;

	read_input(&in, slice_of((const char *)data, size), &mem);
	if (routes_add(r, &route, &in.spec, &d) == 0) {
		assert(d.errors == 0 && routes_finish(r) == 0);
		check_routes(r, &in, &d);
	} else {
		assert(d.errors > 0);
	}
	routes_free(r);
	diag_clear(&d);
	arena_clear(&mem);
	return 0;
}
