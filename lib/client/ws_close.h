/*
 * ws_close.h: why a peer closed a WebSocket, in words.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"

/* Fill *e: "the server closed the connection: 1001 (going away): bye".  The
 * exit status for it: EXIT_REFUSED where the code blames us, so that coming
 * again would not help. */
enum exit_status ws_close_explain(struct errbuf *e, unsigned code,
	    const char *reason);
