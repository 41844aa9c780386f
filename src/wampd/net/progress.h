/*
 * progress.h: how much of the output of a socket the peer has taken.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * How many bytes the peer has taken so far; *more is whether others are on
 * their way.  With TCP these are the bytes that the peer's kernel has
 * acknowledged.  A Unix socket only knows how much kernel memory the unread
 * bytes take, so compare two results, and ignore small differences.
 */
uint64_t progress_of_socket(int fd, uint64_t sent, bool *more);
