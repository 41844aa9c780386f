/*
 * nearest.h: the broker's procedures that help with mistyped names; rows
 * of admin.c.
 */
#pragma once

struct call;

/* wampd.match topic: {"route","channel","spelled"}, or null. */
int	admin_match(struct call *c);

/* wampd.nearest kind, name: a string, or null. */
int	admin_nearest(struct call *c);
