/*
 * ws_close.c: why a peer closed a WebSocket, in words.
 */
#include "client/ws_close.h"

#include <stdbool.h>
#include <stddef.h>

/* IANA's registry "WebSocket Close Code Number".  libwebsockets puts 1002 in
 * place of codes that are younger than RFC 6455 before it tells us: a server
 * that restarts or is full, 1012 or 1013, must not be taken for one that found
 * fault with us. */
static const struct {
	unsigned    code;
	bool	    blames_us;
	const char *name;
} codes[] = {
	{ 1000, false, "normal" },
	{ 1001, false, "going away" },
	{ 1002, false, "protocol error or a newer code" },
	{ 1003, true, "unsupported data" },
	{ 1005, false, "no status" },
	{ 1006, false, "abnormal" },
	{ 1007, true, "invalid data" },
	{ 1008, true, "policy violation" },
	{ 1009, true, "message too big" },
	{ 1010, true, "extension missing" },
	{ 1011, false, "internal error" },
	{ 1012, false, "service restart" },
	{ 1013, false, "try again later" },
	{ 1014, false, "bad gateway" },
	{ 1015, false, "TLS handshake" },
};

enum exit_status
ws_close_explain(struct errbuf *e, unsigned code, const char *reason)
{
	const char *name = NULL;
	bool blames_us = false;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code) {
			name = codes[i].name;
			blames_us = codes[i].blames_us;
		}
	err_set(e, "the server closed the connection: %u%s%s%s%s%s", code,
	    name != NULL ? " (" : "", name != NULL ? name : "",
	    name != NULL ? ")" : "", reason[0] != '\0' ? ": " : "", reason);
	return blames_us ? EXIT_REFUSED : EXIT_LOST;
}
