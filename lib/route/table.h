/*
 * table.h: the routes of all files in order, and matching of topics (oro.md
 * sections 7.3 to 7.5).
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
	const char *replaced_file;	/* the file of a route with this name
					 * that it replaced; NULL: none */
	unsigned    replaced_line;
	size_t	    index;		/* position in the table, from 0 */
};

#define ROUTE_ATTRS_MAX	32

/* An attribute of a match: a default, or a capture, which overrides it. */
struct route_attr {
	const char  *name;		/* borrowed from the route */
	struct slice value;		/* borrowed from topic or route */
};

struct route_attrs {
	struct route_attr v[ROUTE_ATTRS_MAX];
	size_t		  n;
};

/* How to read routing files: a set of these flags. */
enum routes_how {
	ROUTES_LEGACY = 1,	/* the grammar of 0.3 ("routing: legacy") */
	ROUTES_PARTIAL = 2,	/* despite errors, return what could be read */
};

/* Read the files in order into one table (load.c).  NULL if there is any error,
 * except with ROUTES_PARTIAL, which is only for checks.  All errors and
 * warnings of all files go to *d. n == 0 returns an empty table. */
struct routes *routes_load(const char *const *files, size_t n, unsigned how,
	    struct diags *d);

size_t	routes_count(const struct routes *r);
const struct route *routes_at(const struct routes *r, size_t index);

/* The route of that name, or NULL. */
const struct route *routes_find(const struct routes *r, const char *name);

/* The first route whose pattern matches the whole topic, or NULL.  NULL also if
 * too many expressions backtrack for too long on it. attrs may be NULL. */
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

/* Add a route at the end; its name must be new.  The caller keeps its data.
 * route->channel and ->index are not read.  0, or -1 if *d got an error. */
int	routes_add(struct routes *r, const struct route *route,
	    const struct pattern_spec *pattern, struct diags *d);

/* Prepare the table for routes_match(): once, after the last routes_add().  0,
 * or -1 when out of memory. */
int	routes_finish(struct routes *r);

__END_DECLS
