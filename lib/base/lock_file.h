/*
 * lock_file.h: a file whose existence means that an Oro application is in
 * maintenance.  It is empty, and its folder must exist.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* Whether it exists: 1, 0, or -1 with errno if that is unknown. */
int	lock_file_exists(const char *path);

/* Create or remove it.  1 if that changed anything, 0 if not, -1 with *e
 * filled. */
int	lock_file_set(const char *path, bool exists, struct errbuf *e);

/* Whether we may create (exists) or remove it in its folder.  0 or -1. */
int	lock_file_check(const char *path, bool exists, struct errbuf *e);
