/*
 * table.h: the routes of all files in order, and the matching of topics
 * (oro.md sections 7.3 and 7.4).
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"
#include "route/diag.h"

struct routes;

struct route {
	const char *name;		/* "oro_email.event" */
	const char *channel;		/* the pattern as written */
	const char *handler;		/* callback's name */
	const char *file;		/* where it was declared */
	unsigned    line, column;
	size_t	    index;		/* position in the table, from 0 */
};

#define ROUTE_ATTRS_MAX	32

/* What a match found: defaults overlaid with captures. */
struct route_attr {
	const char  *name;		/* borrowed from the route */
	struct slice value;		/* borrowed from topic or route */
};

struct route_attrs {
	struct route_attr v[ROUTE_ATTRS_MAX];
	size_t		  n;
};

/* Read the files in order into one table (load.c).  NULL when there is any
 * error; all errors and warnings of all files go to *d. n == 0 yields an empty
 * table. */
struct routes *routes_load(const char *const *files, size_t n,
	    struct diags *d);

size_t	routes_count(const struct routes *r);
const struct route *routes_at(const struct routes *r, size_t index);

/* The first route in order whose pattern matches the whole topic, or NULL.
 * attrs may be NULL. */
const struct route *routes_match(const struct routes *r, struct slice topic,
	    struct route_attrs *attrs);

void	routes_free(struct routes *r);

/* ---- building: load.c's side ---- */

struct pattern_spec;

struct routes *routes_new(void);

/* Add a route at the end; one of that name that is there already goes.  What
 * is given stays the caller's; route->channel and ->index are not read.  0, or
 * -1 when *d got an error. */
int	routes_add(struct routes *r, const struct route *route,
	    const struct pattern_spec *pattern, struct diags *d);

/* Make the table ready for routes_at() and routes_match(): once, after the
 * last routes_add().  0, or -1 when out of memory. */
int	routes_finish(struct routes *r);
