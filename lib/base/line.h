/*
 * line.h: texts that must be one line.
 */
#pragma once

#include <stddef.h>

/* Replace each CR and LF by a space.  In JSON they only occur outside of
 * strings, so the value stays the same. */
void	line_blank(char *p, size_t len);
