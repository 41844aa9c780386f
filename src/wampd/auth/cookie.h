/*
 * cookie.h: the cookies of a request (RFC 6265 section 4.2).
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

/* The value of the first cookie of that name in a Cookie field, without the
 * quotes around it.  Names are told apart by case.  False if there is none. */
bool	cookie_find(struct slice cookies, struct slice name,
	    struct slice *value);
