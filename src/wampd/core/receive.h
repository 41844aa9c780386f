/*
 * receive.h: messages on their way from a transport to their protocol.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct session;

/* One complete message.  binary: it came in a binary WebSocket frame.
 * Whether the transport may go on with the next message: false when the
 * session is doomed or paused. */
bool	receive_message(struct session *s, struct slice text, bool binary);

/* Handle what a session said while it was pending, now that it is open; even if
 * it is paused meanwhile, since a transport that is paused may do so, too. */
void	receive_early(struct session *s);

/* A message larger than limits.message began; the transport drops it. */
void	receive_oversized(struct session *s);
