/*
 * ws_mask.h: the mask over what a client sends (RFC 6455 section 5.3).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define WS_KEY_SIZE	4	/* bytes */

/* Unmask n bytes at from into to, which may be the same place.  skip is how
 * many bytes of the payload were before them.  Returns whether all of them are
 * ASCII. */
bool	ws_unmask(char *to, const char *from, size_t n,
	    const char key[WS_KEY_SIZE], size_t skip);
