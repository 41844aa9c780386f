/*
 * ws_goodbye.c: the close frames of WebSocket sessions.
 */
#include "wampd/net/ws_goodbye.h"

#include <libwebsockets.h>
#include <string.h>

#include "base/slice.h"
#include "base/utf8.h"
#include "proto/close_code.h"

#define CLOSE_FRAME	0x88		/* RFC 6455 section 5.2 */
#define CLOSE_REASON_MAX 123		/* RFC 6455 section 5.5 */

/* libwebsockets can send the close frame, but drops it if it still holds unsent
 * bytes.  In that case our own frame is put behind them. */
void
ws_goodbye_say(struct lws *wsi, uint16_t code, const char *reason)
{
	size_t len = strnlen(reason, CLOSE_REASON_MAX);
	unsigned char frame[4 + CLOSE_REASON_MAX] = { CLOSE_FRAME,
	    (unsigned char)(2 + len), (unsigned char)(code >> 8),
	    (unsigned char)code };

	memcpy(frame + 4, reason, len);
	if (lws_partial_buffered(wsi))
		(void)lws_write(wsi, frame, 4 + len, LWS_WRITE_HTTP);
	else
		lws_close_reason(wsi, (enum lws_close_status)code, frame + 4,
		    len);
}

/*
 * The peer has sent a close frame.  libwebsockets answers with the same frame,
 * but does not check it completely (RFC 6455 sections 5.5.1 and 7.4).  We
 * correct the frame in place, so that the answer says what was wrong.
 */
int
ws_goodbye_hear(struct lws *wsi, unsigned char *p, size_t len)
{
	unsigned code = 0;

	if (len == 1) {
		lws_close_reason(wsi, (enum lws_close_status)CLOSE_PROTOCOL,
		    NULL, 0);
		return -1;
	}
	if (len >= 2 && (p[0] << 8 | p[1]) > CLOSE_CODE_MAX)
		code = CLOSE_PROTOCOL;
	if (len > 2 && !utf8_valid(slice_of((char *)p + 2, len - 2))) {
		code = CLOSE_INVALID;
		memset(p + 2, '?', len - 2);
	}
	if (code != 0) {
		p[0] = (unsigned char)(code >> 8);
		p[1] = (unsigned char)code;
	}
	return 0;
}
