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

/* Whether there is the secret of an Oro application: a file of it, or the
 * variable ORO_SECRET. */
bool	config_has_oro_secret(const struct config *cfg);

/* Whom the configuration keeps out by what it does not say: a sentence
 * that names the key to set, or NULL.  Call it before the declared handlers
 * are taken. */
const char *config_door_warning(const struct config *cfg);

/* Report the same about the file, if there is one. */
void	config_check_door(const struct config *cfg, struct diags *d);

/* Report each "loopback" of a handler's lists that gives no right. */
void	config_check_loopback(const struct config *cfg, struct diags *d);
