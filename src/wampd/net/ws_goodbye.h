/*
 * ws_goodbye.h: the close frames of WebSocket sessions.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct lws;

/* Send a close frame; the caller then closes the connection. */
void	ws_goodbye_say(struct lws *wsi, uint16_t code, const char *reason);

/* Correct the peer's close frame, which libwebsockets will send back.  0, or -1
 * to close at once. */
int	ws_goodbye_hear(struct lws *wsi, unsigned char *p, size_t len);
