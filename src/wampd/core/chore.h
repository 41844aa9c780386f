/*
 * chore.h: work on a disk, which is tried again when it has failed.
 *
 * A chore that is due is tried at once.  If that fails, it is tried again at
 * growing intervals until it succeeds.  The log names a failure when it begins
 * or its reason changes, and says when it is over.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct chore {
	const char *what;	/* borrowed; for the log: "maintenance state" */
	bool	    due;
	bool	    failed;	/* the last try did */
	int64_t	    again;	/* ms of broker->now; not tried before */
	int64_t	    pause;	/* ms from the last try to the next */
	struct errbuf why;	/* the last failure, if it failed */
};

/* Make the chore due now. */
void	chore_set(struct chore *c);

/* Whether the chore must be tried now. */
bool	chore_is_due(const struct chore *c,
	    int64_t now);

/* Record a try: rc is 0, or -1 with *e filled. */
void	chore_tried(struct chore *c, int64_t now,
	    int rc, const struct errbuf *e);

/* In how many ms the chore must be tried; -1 if it is not due. */
int64_t	chore_wait(const struct chore *c,
	    int64_t now);
