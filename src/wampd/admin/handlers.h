/*
 * handlers.h: the procedure that lists handlers.
 */
#pragma once

struct call;

/* wampd.handlers, see wamp-control(7). */
int	admin_handlers(struct call *c);
