/*
 * memory.h: how much memory this process may use.
 */
#pragma once

#include <stdint.h>

/* The lowest limit in bytes: of the control groups of the process (version 2 or
 * 1), of its address space, or the memory of the machine.  0 if it is
 * unknown. */
uint64_t memory_limit(void);
