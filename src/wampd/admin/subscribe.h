/*
 * subscribe.h: the procedures about what a session listens to; rows of admin.c.
 */
#pragma once

struct call;

/* wampd.subscribe prefix, {"match":"prefix"}: answered once the events that
 * topics hold are queued. */
int	admin_subscribe(struct call *c);

/* wampd.mark on: mark the retained events that the caller gets from now on. */
int	admin_mark(struct call *c);
