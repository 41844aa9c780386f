/*
 * ws_error.c: why no WebSocket came about.
 */
#include "client/ws_error.h"

#include <netdb.h>
#include <stddef.h>

#include "proto/wamp1.h"

/* How libwebsockets' texts begin, and what they mean. */
static const struct {
	const char *theirs;
	const char *ours;
	bool may_pass;
} ws_causes[] = {
	{ "Unable to connect",
	  "nobody listens there, or it cannot be reached", true },
	{ "read failed", "the server hung up on the handshake", true },
	{ "Peer hung up", "the server hung up on the handshake", true },
	{ "connect SYSCALL", "the server hung up on the TLS handshake",
	  true },
	{ "connect SSL", "no TLS: its certificate is not trusted "
	  "(--insecure takes any), or it is no TLS server", false },
	{ "server's cert", "its certificate is not trusted (--insecure takes "
	  "any)", false },
	{ "HS: PROTOCOL malformed", "the server does not speak the "
	  "subprotocol " WAMP1_SUBPROTOCOL, false },
};

#define HANDSHAKE	SLICE("HS: ")	/* before its texts on HTTP */

/* The statuses that speak of the moment: too slow, too busy, broken. */
static bool
http_may_pass(unsigned status)
{
	return status == 408 || status == 429 || status >= 500;
}

bool
ws_error_explain(struct errbuf *e, struct slice text, unsigned status)
{
	size_t i;

	if (status != 0 && status != 101) {
		err_set(e, "HTTP status %u: the server refused the WebSocket",
		    status);
		return http_may_pass(status);
	}
	for (i = 0; i < sizeof(ws_causes) / sizeof(ws_causes[0]); i++)
		if (slice_starts(text, slice_str(ws_causes[i].theirs))) {
			err_set(e, "%s", ws_causes[i].ours);
			return ws_causes[i].may_pass;
		}
	if (slice_starts(text, HANDSHAKE))
		err_set(e, "not a WebSocket server: %.*s",
		    (int)(text.len - HANDSHAKE.len), text.p + HANDSHAKE.len);
	else
		err_set(e, "%.*s", (int)text.len, text.p);
	return false;
}

bool
ws_error_explain_name(struct errbuf *e, const char *host)
{
	struct addrinfo *found = NULL;
	int rc;

	if ((rc = getaddrinfo(host, NULL, NULL, &found)) == 0) {
		freeaddrinfo(found);
		err_set(e, "cannot connect");
	} else {
		err_set(e, "no address of %s: %s", host, gai_strerror(rc));
	}
	return true;
}
