/*
 * chore.h: work on a disk that may fail, and is then tried again.
 *
 * A chore that is due is tried at once, and after a failure at growing
 * intervals until it succeeds.  The failure is logged when it begins or
 * changes, and its end too.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct chore {
	const char *what;	/* borrowed; for the log: "maintenance state" */
	bool	    due;
	bool	    failed;	/* the last try did */
	int64_t	    again;	/* ms of broker->now; not before that */
	int64_t	    pause;	/* ms from the last try to the next */
	struct errbuf why;	/* while it fails */
};

/* It is to be done, now. */
void	chore_set(struct chore *c);

/* Whether it is to be tried now. */
bool	chore_ready(const struct chore *c, int64_t now);

/* It was tried: rc is 0, or -1 with *e filled. */
void	chore_tried(struct chore *c, int64_t now, int rc,
	    const struct errbuf *e);

/* In how many ms it is to be tried; -1: it is not due. */
int64_t	chore_wait(const struct chore *c, int64_t now);
