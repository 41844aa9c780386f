/*
 * may.h: the procedure that explains who may do what.
 */
#pragma once

struct call;

/* wampd.may who, action, uri: the result is an object, see wamp-control(7). */
int	admin_may(struct call *c);
