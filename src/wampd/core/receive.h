/*
 * receive.h: handing received messages to the protocol.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct session;

/* Handle one complete message.  binary: it came in a binary WebSocket frame.
 * Returns whether the transport may hand over the next message, which is false
 * when the session is doomed or paused. */
bool	receive_message(struct session *s, struct slice text, bool binary);

/* Handle the messages that came while the session was pending, now that it is
 * open.  All are handled, even if one pauses the session: a transport may also
 * hand over messages after it was told to pause. */
void	receive_early(struct session *s);

/* A message that is larger than limits.message has begun.  The transport skips
 * it. */
void	receive_oversized(struct session *s);

/* The peer asks with a ping whether we are there.  Its answer has the same
 * payload (RFC 6455 section 5.5.3), and its place among the other answers.
 * Returns whether the transport may hand over the next message. */
bool	receive_ping(struct session *s, struct slice payload);
