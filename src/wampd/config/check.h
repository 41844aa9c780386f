/*
 * check.h: whether a start would find on this machine what the
 * configuration names.
 */
#pragma once

#include "route/diag.h"

struct config;

/* Report all that is missing.  Nothing is opened for others to see, made or
 * changed.  What a running wampd has taken is in nobody's way but a second
 * one's. */
void	config_check(const struct config *cfg, struct diags *d);
