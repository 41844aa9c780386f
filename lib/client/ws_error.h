/*
 * ws_error.h: why no WebSocket came about, in words that a user can act on.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

/* From libwebsockets' text and the HTTP status (0: there was none).  Whether
 * the same may work in a while. */
bool	ws_error_explain(struct errbuf *e, struct slice text, unsigned status);

/* Where libwebsockets said nothing: most likely the name has no address. */
bool	ws_error_explain_name(struct errbuf *e, const char *host);
