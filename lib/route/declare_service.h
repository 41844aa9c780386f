/*
 * declare_service.h: inside of declare.c: handlers that Symfony service files
 * declare.
 */
#pragma once

#include "route/declare_table.h"

/* Put those into the table that are not in it already. */
void	declare_services(struct declarations *t,
	    const struct declare_source *src, struct diags *d);
