/*
 * process_memory.h: the memory of this process.
 */
#pragma once

#include <stdint.h>

/* How many bytes are in use, and how many addresses (proc(5), statm).  0, or -1
 * with errno. */
int	process_memory(uint64_t *resident, uint64_t *all);
