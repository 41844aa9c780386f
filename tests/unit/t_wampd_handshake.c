/*
 * t_wampd_handshake.c: the WebSocket handshake of the server.
 */
#include "tap.h"
#include "wampd/net/handshake.h"

/* RFC 6455 section 1.3. */
#define RFC_KEY		"dGhlIHNhbXBsZSBub25jZQ=="
#define RFC_ACCEPT	"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

static void
test_vector(void)
{
	static const char *const protocols[] = { "wamp", NULL };
	struct handshake_digest digest = { NULL, NULL };
	struct handshake_rules rules = { &digest, protocols, false, false };
	struct http_scan scan = { 0 };
	struct http_request req;
	struct http_refusal why;
	struct handshake h;
	struct errbuf e;

	tap_int(handshake_digest_init(&digest, &e), 0, "a digest");
	tap_int(http_request_read(&scan, SLICE("GET / HTTP/1.1\r\nHost: h\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: foo, wamp\r\n"
	    "Sec-WebSocket-Key: " RFC_KEY "\r\n\r\n"), 4096, &req, &why),
	    HTTP_READ_DONE, "a request");
	tap_int(handshake_check(&req, &rules, &h, &why), 0, "a handshake");
	tap_str(h.accept, RFC_ACCEPT, "the accept of RFC 6455");
	tap_str(h.protocol, "wamp", "the subprotocol");
	handshake_digest_clear(&digest);
}

int
main(void)
{
	test_vector();
	return tap_done();
}
