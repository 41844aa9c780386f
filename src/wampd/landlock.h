/*
 * landlock.h: writing to some folders only.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct landlock {
	int  fd;		/* the rules; -1: none */
	bool network;		/* it covers TCP as well */
};

/* Begin: without rules, nothing may be written, and no program be run.  1; 0 if
 * the kernel has no Landlock; or -1 with *e filled. */
int	landlock_begin(struct landlock *l, struct errbuf *e);

/* Files may be made, written and removed in that folder and below it, or, if it
 * is a file, that file be written.  What does not exist is passed over.  0, or
 * -1 with *e filled. */
int	landlock_allow(const struct landlock *l, const char *path,
	    struct errbuf *e);

/* The same for the folder of a file. */
int	landlock_allow_beside(const struct landlock *l, const char *path,
	    struct errbuf *e);

/* Do without. */
void	landlock_abandon(struct landlock *l);

/* From now on.  Takes the rules.  0, or -1 with *e filled. */
int	landlock_finish(struct landlock *l, struct errbuf *e);
