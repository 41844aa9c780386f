/*
 * declare_service.h: internals of declare.c: handlers in Symfony service files.
 */
#pragma once

#include "route/declare_table.h"

/* Add those that are not in the table already. */
void	declare_services(struct declarations *t,
	    const struct declare_source *src, struct diags *d);
