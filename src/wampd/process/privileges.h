/*
 * privileges.h: giving up the rights of root for good.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* Whom a process becomes. */
struct privileges {
	const char *user;	/* borrowed; NULL: it stays who it is */
	uid_t	    uid;
	gid_t	    gid;
};

/* Whether nothing is left to do. */
bool	privileges_are(const struct privileges *p);

/*
 * Become that user with that group and the user's other groups, without any
 * capability and without a way back.  Nothing is done if privileges_are().  0,
 * or -1 with *e filled: the process must end then, because it may have changed
 * in part.
 */
int	privileges_drop(const struct privileges *p, struct errbuf *e);
