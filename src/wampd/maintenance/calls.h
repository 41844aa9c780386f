/*
 * calls.h: the broker's procedures about maintenance; rows of
 * admin.c.
 */
#pragma once

struct call;

/* wampd.maintenance.get: see maintenance_describe(). */
int	admin_maintenance_get(struct call *c);

/* wampd.maintenance.set on, user, options: see maintenance_set(). */
int	admin_maintenance_set(struct call *c);
