/*
 * meta.h: the broker's own topics, on which it tells what happens.
 */
#pragma once

struct broker;

/* Let b have its own topics, and the procedure wampd.log.  0, or -1 when out of
 * memory. */
int	meta_add(struct broker *b);
