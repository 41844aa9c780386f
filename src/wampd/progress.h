/*
 * progress.h: how far a socket's output has come.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The bytes that the peer's kernel has acknowledged so far, and whether more
 * are on their way.  Known of TCP only: 0 and false of a Unix socket. */
uint64_t progress_of_socket(int fd, bool *more);
