/*
 * descriptors.h: whom the last descriptors are for.
 *
 * At the limit, whoever administers the broker still gets in, and whatever the
 * broker itself opens, programs' pipes and the files of its state, works on.
 */
#pragma once

#include <stdbool.h>

enum descriptors_for {
	DESCRIPTORS_REMOTE,
	DESCRIPTORS_LOCAL,	/* peers of the control socket */
};

/* The number from which on descriptors are not for them.  A new one has the
 * lowest number that is free, so that it is reached only when all below are
 * taken. */
int	descriptors_end(enum descriptors_for whom);

/* Is the next one below that number? */
bool	descriptors_left(int end);
