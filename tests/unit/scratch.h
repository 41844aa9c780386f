/*
 * scratch.h: a temporary folder for a test program, which is removed when that
 * ends.  A failure ends the program.
 */
#pragma once

#include "base/slice.h"

/* Its path, without a slash at the end. */
const char *scratch_folder(void);

/* The path of a name in it.  Valid until 8 calls later. */
const char *scratch_path(const char *name);

/* Make a file in it, or replace its content. */
void	scratch_write(const char *name, struct slice content);

/* Make a folder in it, unless that is there. */
void	scratch_mkdir(const char *name);

/* Remove a name in it, with all that is below, if it is there. */
void	scratch_remove(const char *name);
