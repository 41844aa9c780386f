/*
 * descriptor_limit.h: how many descriptors the sessions need.
 */
#pragma once

#include <stdint.h>

/* Set the limit of descriptors to what so many sessions need, if the system
 * allows that.  A higher limit is lowered: programs inherit it, and some try to
 * close each descriptor that there could be. */
void	descriptor_limit_set(int64_t sessions);
