/*
 * lint.h: what is allowed in routes and hardly meant.
 */
#pragma once

#include "route/diag.h"
#include "route/table.h"

/* Report it as warnings:
 *
 *	container-parameter	a %name%, which only Symfony can replace
 *	delimiters		around a requirement: they belong to it
 *	literal-braces		a parameter that is none, by its name
 *	literal-wildcard	a "*" in a channel
 *	replaced-route		another file's route lost its name to this one
 *	unused-default		a default for no parameter of the channel
 *	duplicate-channel	an earlier route has the same channel
 *	shadowed-channel	earlier routes take all topics of a route
 *	unreachable-alternative	an alternative of a requirement adds nothing
 *	slow-regex		a requirement that can backtrack for ever
 *	unchecked		there was too much to try
 *
 * From shadowed-channel on they are found by trying generated topics: each
 * names one as witness, and what no trial shows is not found. */
void	routes_lint(const struct routes *r, struct diags *d);

struct declarations;

/* Report each route whose handler nobody has declared as an error:
 * unknown-handler.  How many there are; none if some of the declarations could
 * not be read, which is an error of its own. */
size_t	routes_lint_handlers(const struct routes *r,
	    const struct declarations *handlers, struct diags *d);
