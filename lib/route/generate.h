/*
 * generate.h: generates topics from the names of routes (oro.md 7.6).
 */
#pragma once

#include <stdbool.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "route/param.h"
#include "route/table.h"

__BEGIN_DECLS

/*
 * Append the topic of that route with the parameters.  Parameters that are not
 * given have their defaults.  At the end of the channel, parameters with their
 * defaults are left out.  Parameters that the route does not have are ignored.
 * Requirements are checked as the original does it: ignoring case, and without
 * checks of the text around the parameter.  0, or -1 with *e filled; then *out
 * contains a part.
 */
int	routes_generate(struct buf *out, const struct routes *r,
	    const char *name, const struct route_params *params,
	    struct errbuf *e);

/* Whether a generated topic may not be the intended one: a parameter was
 * ignored, or the topic does not match its route.  Then *why is filled. */
bool	routes_generate_doubt(const struct routes *r, const char *name,
	    const struct route_params *params, struct slice topic,
	    struct errbuf *why);

__END_DECLS
