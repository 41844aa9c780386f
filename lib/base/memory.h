/*
 * memory.h: how much memory this process may use.
 */
#pragma once

#include <stdint.h>

/* The smallest bound there is, in bytes: that of the process's control groups
 * (version 2 or 1), its address space's, or the machine's memory.  0 when
 * nothing can be found out. */
uint64_t memory_limit(void);
