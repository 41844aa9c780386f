/*
 * nearest.h: the procedure that helps with mistyped names.
 */
#pragma once

struct call;

/* wampd.nearest kind, name: the result is a string or null. */
int	admin_nearest(struct call *c);
