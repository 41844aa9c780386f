/*
 * lists.h: the broker's procedures that list what there is.
 */
#pragma once

struct call;

/* For the table in admin.c: see wamp-control(7). */
int	admin_routes(struct call *c);
int	admin_sessions(struct call *c);
int	admin_topics(struct call *c);
