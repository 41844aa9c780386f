/*
 * reload_config.h: the procedure wampd.config, which shows the configuration in
 * force.
 */
#pragma once

struct call;

/* The procedure; see struct procedure. */
int	reload_config(struct call *c);
