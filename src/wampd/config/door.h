/*
 * door.h: what the configuration as a whole says about who may connect.
 */
#pragma once

#include <stdbool.h>

#include "route/diag.h"

struct config;

/* Fill cfg->door.try_out and by_address.  Call it when the file and the options
 * are read, but no defaults are filled in. */
void	config_find_door(struct config *cfg);

/* Whether handlers let back ends publish, but none can prove that it is one.
 * Call it before the declared handlers are taken. */
bool	config_shuts_back_ends_out(const struct config *cfg);

/* Report each "loopback" of a handler's lists that gives no right. */
void	config_check_loopback(const struct config *cfg, struct diags *d);
