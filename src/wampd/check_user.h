/*
 * check_user.h: checking as the user that the broker becomes.
 */
#pragma once

#include "route/diag.h"
#include "wampd/process/privileges.h"

struct config;

/* Whom the broker becomes; borrowed from the configuration. */
struct privileges check_user_whom(const struct config *cfg);

/* Run a check as that user, in a process of its own; what it reports goes to
 * *d.  If the user cannot be changed, that is an error. */
void	check_user_run(const struct config *cfg, struct diags *d,
	    void (*check)(const struct config *cfg, struct diags *d));

/* Report files that the user cannot read again, and folders that it cannot
 * write to.  Nothing, if the configuration names no user.  How many errors
 * there are. */
size_t	check_user_paths(const struct config *cfg, struct diags *d);
