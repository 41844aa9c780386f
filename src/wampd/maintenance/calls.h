/*
 * calls.h: the procedures wampd.maintenance.*.
 */
#pragma once

struct maintenance;

/* Add them to m->broker.  0, or -1 when out of memory. */
int	maintenance_calls_add(struct maintenance *m);
