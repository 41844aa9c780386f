/*
 * subscribe.h: the procedures about what a session is subscribed to.
 */
#pragma once

struct call;

/* wampd.subscribe prefix, {"match":"prefix"}: answered after the retained
 * events of these topics are queued. */
int	admin_subscribe(struct call *c);

/* wampd.replay topic, {"last":5,"since":600}: subscribe, and get kept events
 * first. */
int	admin_replay(struct call *c);

/* wampd.mark on: mark the kept events that the caller gets from now on. */
int	admin_mark(struct call *c);
