/*
 * jq_literal.h: the numbers in the text of a jq program.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* The first whole number in a program that libjq would change, because a double
 * cannot hold its digits.  A number with a point or an exponent may be
 * rounded. */
bool	jq_literal_lossy(const char *program, struct slice *number);
