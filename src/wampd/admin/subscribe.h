/*
 * subscribe.h: the procedures about what a session is subscribed to.
 */
#pragma once

struct call;

/* wampd.subscribe prefix, {"match":"prefix"}: answered after the retained
 * events of these topics are queued. */
int	admin_subscribe(struct call *c);

/* wampd.mark on: mark the retained events that the caller gets from now on. */
int	admin_mark(struct call *c);
