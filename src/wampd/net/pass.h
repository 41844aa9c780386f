/*
 * pass.h: passing descriptors to another process, over a Unix socket.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#include "base/slice.h"

#define PASS_MAX	240	/* descriptors at one time; the kernel's limit
				 * is 253 */

/* Send the bytes, all at once, with copies of n descriptors, which come with
 * the first of them.  Never blocks.  0, or -1 with errno. */
int	pass_send(int fd, struct slice bytes, const int *fds, size_t n);

/* Receive up to `size` bytes, and the descriptors that come with them, which
 * are close-on-exec.  They are put behind the *n that are in fds[PASS_MAX]
 * already; if there is no room, that is an error.  Returns how many bytes, 0 at
 * the end, or -1 with errno. */
ssize_t	pass_receive(int fd, char *p, size_t size, int *fds, size_t *n);
