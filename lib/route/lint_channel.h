/*
 * lint_channel.h: warnings about a channel, a handler's name and the form of a
 * requirement.
 */
#pragma once

#include "route/diag.h"
#include "route/pattern.h"
#include "route/table.h"

/* Report them. */
void	lint_channel(const struct route *route, const struct pattern *p,
	    struct diags *d);
void	lint_delimiters(const struct pattern_requirement *r, struct diags *d);

/* Whether the text contains a "%name%", which Symfony's container would
 * replace, from *at on; *at moves to it. */
bool	lint_find_parameter(struct slice text, size_t *at,
	    struct slice *parameter);
