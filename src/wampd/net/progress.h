/*
 * progress.h: how far a socket's output has come.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * How many bytes the peer has taken so far, and whether more are on their way.
 * With TCP it is what the peer's kernel has acknowledged; a Unix socket only
 * knows what it still holds of those that were sent to it, in memory, so that
 * differences count, and only large ones.
 */
uint64_t progress_of_socket(int fd, uint64_t sent, bool *more);
