/*
 * lock_file.h: a file whose being there says that maintenance mode is on, as
 * Oro applications have it.  It is empty, and needs its folder.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* 1, 0, or -1 with errno when it cannot be told. */
int	lock_file_exists(const char *path);

/* Make it, or remove it.  1 when that changed anything, 0 when it was so
 * already, -1 with *e filled. */
int	lock_file_set(const char *path, bool exists, struct errbuf *e);

/* Whether its folder lets us make (exists) or remove it.  0 or -1. */
int	lock_file_check(const char *path, bool exists, struct errbuf *e);
