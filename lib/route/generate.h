/*
 * generate.h: topics by the name of their route (oro.md 7.6).
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
 * Append the topic of that route with the parameters, those not given having
 * their defaults; at the end of the channel, parameters that have their
 * defaults are left out.  Parameters that the route does not have are ignored;
 * requirements are checked as the original does: small letters or capitals, and
 * without what they say of the text around the parameter.  0, or -1 with *e
 * filled; then *out holds a part.
 */
int	routes_generate(struct buf *out, const struct routes *r,
	    const char *name, const struct route_params *params,
	    struct errbuf *e);

/* Whether a topic that was generated so may not be what was meant: a parameter
 * was ignored, or the topic does not come back to its route.  Then *why is
 * filled. */
bool	routes_generate_doubt(const struct routes *r, const char *name,
	    const struct route_params *params, struct slice topic,
	    struct errbuf *why);

__END_DECLS
