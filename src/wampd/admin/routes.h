/*
 * routes.h: the procedures about routes.
 */
#pragma once

struct call;

/* wampd.generate route, parameters: the result is {"topic","doubt"}. */
int	admin_generate(struct call *c);

/* wampd.match topic: the result is {"route","channel","spelled"} or null. */
int	admin_match(struct call *c);

/* wampd.routes: the result is a list. */
int	admin_routes(struct call *c);
