/*
 * jq_literal.h: the numbers that a jq program itself names.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* The first whole number in a program's text that libjq would read as another
 * one, as a double has no place for its digits.  One that is written with a
 * point or an exponent makes no promise. */
bool	jq_literal_lossy(const char *program, struct slice *number);
