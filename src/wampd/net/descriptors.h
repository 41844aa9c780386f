/*
 * descriptors.h: reserving the last descriptors.
 *
 * Near the limit, remote peers are no longer accepted.  Local peers still are,
 * so that the broker can be administered, and the broker can still open files
 * and the pipes of programs.
 */
#pragma once

#include <stdbool.h>

enum descriptors_for {
	DESCRIPTORS_REMOTE,
	DESCRIPTORS_LOCAL,	/* peers of the control socket */
};

/* The first descriptor number that these peers must not have.  A new descriptor
 * gets the lowest free number, so all below are in use then. */
int	descriptors_end(enum descriptors_for whom);

/* Whether the next descriptor will be below that number. */
bool	descriptors_left(int end);
