/*
 * table.h: the routes of all files in order, and the matching of topics
 * (oro.md sections 7.3 to 7.5).
 */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

#include "base/slice.h"
#include "route/diag.h"

__BEGIN_DECLS

struct routes;

struct route {
	const char *name;		/* "oro_email.event" */
	const char *channel;		/* the pattern, nothing inline */
	const char *handler;		/* callback's name */
	const char *file;		/* where it was declared */
	unsigned    line, column;
	const char *replaced_file;	/* where one of this name was dropped
					 * for it; NULL: nowhere */
	unsigned    replaced_line;
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

/* How to read routing files: a set of these. */
enum routes_how {
	ROUTES_LEGACY = 1,	/* the grammar of 0.3 ("routing: legacy") */
	ROUTES_PARTIAL = 2,	/* with errors, what could be read */
};

/* Read the files in order into one table (load.c).  NULL when there is any
 * error, unless for ROUTES_PARTIAL, which is for checks only; all errors and
 * warnings of all files go to *d. n == 0 yields an empty table. */
struct routes *routes_load(const char *const *files, size_t n, unsigned how,
	    struct diags *d);

size_t	routes_count(const struct routes *r);
const struct route *routes_at(const struct routes *r, size_t index);

/* The route of that name, or NULL. */
const struct route *routes_find(const struct routes *r, const char *name);

/* The first route in order whose pattern matches the whole topic, or NULL; also
 * when too many expressions backtrack for too long on it.  attrs may be
 * NULL. */
const struct route *routes_match(const struct routes *r, struct slice topic,
	    struct route_attrs *attrs);

void	routes_free(struct routes *r);

/* ---- for those who look inside a route, or build a table ---- */

struct pattern;
struct pattern_spec;
struct regex_scratch;

const struct pattern *routes_pattern(const struct routes *r, size_t index);

/* The table's own working memory, for matching with its patterns. */
struct regex_scratch *routes_scratch(const struct routes *r);

struct routes *routes_new(void);

/* Add a route at the end; its name is not there yet.  What is given stays the
 * caller's; route->channel and ->index are not read.  0, or -1 when *d got an
 * error. */
int	routes_add(struct routes *r, const struct route *route,
	    const struct pattern_spec *pattern, struct diags *d);

/* Make the table ready for routes_match(): once, after the last routes_add().
 * 0, or -1 when out of memory. */
int	routes_finish(struct routes *r);

__END_DECLS
