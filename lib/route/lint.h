/*
 * lint.h: warnings about routes that are valid but probably not intended.
 */
#pragma once

#include "route/diag.h"
#include "route/table.h"

/* Report these warnings:
 *
 *	container-parameter	a %name%, which only Symfony can replace
 *	delimiters		around a requirement: they belong to it
 *	literal-braces		a parameter that is none, by its name
 *	literal-wildcard	a "*" in a channel
 *	own-topic		a channel that begins with "wampd."
 *	replaced-route		another file's route lost its name to this one
 *	unused-default		a default for no parameter of the channel
 *	duplicate-channel	an earlier route has the same channel
 *	shadowed-channel	earlier routes take all topics of a route
 *	unreachable-alternative	an alternative of a requirement adds nothing
 *	slow-regex		a requirement that can backtrack for ever
 *	unchecked		there was too much to try
 *
 * The rules from shadowed-channel on are checked by trying generated topics.
 * Each warning names one as proof.  Faults that no trial shows are not
 * found. */
void	routes_lint(const struct routes *r, struct diags *d);

struct declarations;

/* Report each route whose handler is not declared as an error: unknown-handler.
 * Returns their number.  If some declarations could not be read, which is an
 * error of its own, none are reported. */
size_t	routes_lint_handlers(const struct routes *r,
	    const struct declarations *handlers, struct diags *d);
