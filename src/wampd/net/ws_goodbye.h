/*
 * ws_goodbye.h: how WebSocket sessions end.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct lws;

/* Have the peer told why its connection is closed next. */
void	ws_goodbye_say(struct lws *wsi, uint16_t code, const char *reason);

/* The peer's close frame: make the answer right. 0, or -1 to close at once. */
int	ws_goodbye_hear(struct lws *wsi, unsigned char *p, size_t len);
