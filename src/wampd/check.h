/*
 * check.h: whether a start would find on this machine what the
 * configuration names.
 */
#pragma once

#include "base/err.h"
#include "route/diag.h"

struct config;

/* Whether the maintenance state can be written, and Oro's lock file.  0, or -1
 * with *e filled, which names the key. */
int	check_state_dir(const struct config *cfg, struct errbuf *e);
int	check_lock_file(const struct config *cfg, struct errbuf *e);

/* Report all that is missing.  Nothing is opened for others to see, made or
 * changed.  What a running wampd has taken is in nobody's way but a second
 * one's. */
void	check_machine(const struct config *cfg, struct diags *d);
