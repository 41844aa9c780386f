/*
 * ws_close.c: why a peer closed a WebSocket, in words.
 */
#include "client/ws_close.h"

#include <stdbool.h>
#include <stddef.h>

#include "proto/close_code.h"

enum exit_status
ws_close_explain(struct errbuf *e, unsigned code, const char *reason)
{
	const char *name = close_code_name(code);
	bool blames = close_code_blames(code);

	/* libwebsockets puts it in place of codes that are younger than RFC
	 * 6455 before it tells us: a server that restarts or is full, 1012 or
	 * 1013, must not be taken for one that found fault with us. */
	if (code == CLOSE_PROTOCOL) {
		name = "protocol error or a newer code";
		blames = false;
	}
	err_set(e, "the server closed the connection: %u%s%s%s%s%s", code,
	    name != NULL ? " (" : "", name != NULL ? name : "",
	    name != NULL ? ")" : "", reason[0] != '\0' ? ": " : "", reason);
	return blames ? EXIT_REFUSED : EXIT_LOST;
}
