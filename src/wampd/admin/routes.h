/*
 * routes.h: the broker's procedures about routes; rows of admin.c.
 */
#pragma once

struct call;

/* wampd.generate route, parameters: {"topic","doubt"}. */
int	admin_generate(struct call *c);
