/*
 * ws_answer.h: what a WebSocket server sends, read strictly, as text.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Append a line for each frame:
 *
 *	text PAYLOAD		also binary; compressed text, compressed binary
 *	ping PAYLOAD		also pong
 *	close CODE REASON	or only "close"
 *	cut			the last frame is not complete
 *
 * deflate: messages may be compressed (RFC 7692).  0, or -1 with what no server
 * may send, for example a mask or something behind a close frame.
 */
int	ws_frames_read(struct slice bytes, bool deflate, struct buf *lines,
	    struct errbuf *e);

/*
 * The same for all that a server sends on a connection.  A line with the status
 * comes first.  Behind 101 there must be frames; behind another one, only the
 * body that the head announces, which is not there if head_only is set.
 * Nothing at all is an empty text.
 */
int	ws_answer_read(struct slice bytes, bool head_only, struct buf *lines,
	    struct errbuf *e);
