/*
 * line.h: texts that must be one line.
 */
#pragma once

#include <stddef.h>

/* Put a space in the place of each CR and LF.  JSON has none inside its
 * strings, so that a value means the same then. */
void	line_blank(char *p, size_t len);
