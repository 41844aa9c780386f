/*
 * uri.h: text in URIs (RFC 3986).
 */
#pragma once

#include "base/buf.h"

/* Append text and percent-encode all characters except the unreserved ones
 * (section 2.3) and those in `also`. 0, or -1 when out of memory. */
int	uri_encode(struct buf *out, const char *text, const char *also);
