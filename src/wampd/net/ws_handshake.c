/*
 * ws_handshake.c: checking WebSocket handshakes.
 */
#include "wampd/net/ws_handshake.h"

#include <libwebsockets.h>
#include <stdbool.h>
#include <string.h>

#define STATUS_UPGRADE_REQUIRED 426	/* RFC 9110 section 15.5.22 */

int
ws_handshake_refuse_http(struct lws *wsi)
{
	(void)lws_return_http_status(wsi, STATUS_UPGRADE_REQUIRED,
	    "This is a WAMP v1 WebSocket server.");
	return -1;
}

/* Whether the request has that header with that value. */
static bool
header_is(struct lws *wsi, enum lws_token_indexes header, const char *value)
{
	char text[32];

	return lws_hdr_copy(wsi, text, sizeof(text), header) >= 0 &&
	    strcmp(text, value) == 0;
}

/* Whether the key is 16 bytes in base64: 22 characters and "==". */
static bool
key_is_good(struct lws *wsi)
{
	char key[32];

	return lws_hdr_copy(wsi, key, sizeof(key), WSI_TOKEN_KEY) == 24 &&
	    strcmp(key + 22, "==") == 0;
}

/* Check what libwebsockets does not require (RFC 6455 section 4.2.1), in the
 * order of Ratchet's checks. */
int
ws_handshake_check(struct lws *wsi)
{
	unsigned status = 0;

	if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) == 0)
		status = HTTP_STATUS_METHOD_NOT_ALLOWED;
	else if (lws_hdr_total_length(wsi, WSI_TOKEN_HOST) == 0 ||
	    !key_is_good(wsi))
		status = HTTP_STATUS_BAD_REQUEST;
	else if (!header_is(wsi, WSI_TOKEN_VERSION, "13"))
		status = STATUS_UPGRADE_REQUIRED;
	if (status == 0)
		return 0;
	(void)lws_return_http_status(wsi, status, NULL);
	return -1;
}
