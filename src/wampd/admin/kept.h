/*
 * kept.h: the procedures that show what topics keep.
 */
#pragma once

struct call;

/* wampd.retained options: a page of the retained events, without their
 * values. */
int	admin_retained(struct call *c);

/* wampd.history topic, options: events of a history. */
int	admin_history(struct call *c);
