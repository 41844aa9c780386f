/*
 * drain.h: the procedure that ends all sessions over a time, then the broker.
 */
#pragma once

struct call;

/* wampd.drain {"spread":"30s"} or {"cancel":true}: the result has the members
 * that drain_describe() writes. */
int	admin_drain(struct call *c);
