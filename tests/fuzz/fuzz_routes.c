/*
 * fuzz_routes.c: any bytes as a routing file of either grammar, and what it
 * loads asked for topics: its own channels, and some that no file expects.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "route/load.h"
#include "fuzz.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the file holds, a diagnostic is one line with a place. */
static void
check_diags(const struct diags *d, const struct routes *r)
{
	size_t i;

	assert((d->errors == 0) == (r != NULL));
	assert(d->n <= DIAGS_MAX);
	for (i = 0; i < d->n; i++) {
		const struct diag *g = &d->v[i];
		const char *p;

		assert(g->line == 0 || g->column > 0);
		assert(g->rule[0] != '\0' && g->text[0] != '\0');
		for (p = g->text; *p != '\0'; p++)
			assert((unsigned char)*p >= ' ' && *p != 0x7f);
	}
}

/* An attribute is a part of the topic, or a default: a text of the file. */
static const struct route *
check_match(const struct routes *r, struct slice topic)
{
	struct route_attrs attrs;
	const struct route *route = routes_match(r, topic, &attrs);
	size_t i;

	if (route == NULL)
		return NULL;
	assert(attrs.n <= ROUTE_ATTRS_MAX);
	for (i = 0; i < attrs.n; i++)
		assert(is_within(attrs.v[i].value, topic) ||
		    strlen(attrs.v[i].value.p) == attrs.v[i].value.len);
	return route;
}

static void
check_routes(const struct routes *r, struct slice text)
{
	const struct route *at, *found;
	size_t i;

	for (i = 0; i < routes_count(r); i++) {
		at = routes_at(r, i);
		assert(at->index == i && at->handler != NULL);
		found = check_match(r, slice_str(at->channel));
		/* without parameters it matches itself, or one before it */
		if (strchr(at->channel, '{') == NULL)
			assert(found != NULL && found->index <= i);
	}
	(void)check_match(r, SLICE(""));
	(void)check_match(r, SLICE("oro/email_event/7/*"));
	(void)check_match(r, SLICE("a/\0/\xff\n/0/1/2"));
	(void)check_match(r, text);
}

static void
check_text(struct slice text, bool legacy)
{
	struct diags d = { 0 };
	struct routes *r = routes_load_text("fuzz.yml", text, legacy, &d);

	check_diags(&d, r);
	if (r != NULL)
		check_routes(r, text);
	routes_free(r);
	diag_clear(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);

	check_text(text, false);
	check_text(text, true);
	return 0;
}
