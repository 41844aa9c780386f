/*
 * ws_close.h: why a peer closed a WebSocket, as text.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"

/* Fill *e: "the server closed the connection: 1001 (going away): bye".  Returns
 * the exit status: EXIT_REFUSED if the code means that we are at fault, so that
 * connecting again would not help. */
enum exit_status ws_close_explain(struct errbuf *e, unsigned code,
	    const char *reason);
