/*
 * close_code.h: the close codes of WebSockets (RFC 6455 section 7.4.1, and
 * IANA's registry "WebSocket Close Code Number").
 */
#pragma once

#include <stdbool.h>

enum close_code {
	CLOSE_NORMAL = 1000,
	CLOSE_GOING_AWAY = 1001,
	CLOSE_PROTOCOL = 1002,
	CLOSE_UNSUPPORTED = 1003,	/* binary messages, for example */
	CLOSE_NO_STATUS = 1005,		/* never sent: there was no code */
	CLOSE_ABNORMAL = 1006,		/* never sent: no close frame */
	CLOSE_INVALID = 1007,		/* the text of a message is wrong */
	CLOSE_POLICY = 1008,
	CLOSE_TOO_BIG = 1009,
	CLOSE_EXTENSION = 1010,
	CLOSE_INTERNAL = 1011,
	CLOSE_RESTART = 1012,
	CLOSE_TRY_AGAIN = 1013,
	CLOSE_BAD_GATEWAY = 1014,
	CLOSE_TLS = 1015,		/* never sent: no TLS */
	CLOSE_CODE_REGISTERED = 3000,	/* the first of libraries, then of
					 * applications */
	CLOSE_CODE_MAX = 4999,		/* there is none above it */
};

/* The meaning of the code, or NULL if it is in no list. */
const char *close_code_name(unsigned code);

/* Whether a close frame may carry the code: not those that stand for a close
 * without one, and none that the RFC reserves (section 7.4). */
bool	close_code_may_be_sent(unsigned code);

/* Whether the code means that the other side is at fault: if it connects again
 * and does the same, it will be closed again. */
bool	close_code_blames(unsigned code);
