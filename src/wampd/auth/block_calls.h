/*
 * block_calls.h: the procedures that block addresses.
 */
#pragma once

struct blocks;

/* Add them to the broker.  0, or -1 when out of memory. */
int	block_calls_add(struct blocks *all);
