/*
 * program_view.h: what a handler's program sees, as JSON:
 * {"session":{"id","user","user_id","roles","attributes"},"topic","route",
 * "attributes", and "event" or "args"}.
 */
#pragma once

#include "base/buf.h"

struct session;
struct topic;

/* Append the session as an object, or null if s is NULL.  0 or -1. */
int	program_view_session(const struct session *s, struct buf *out);

/* Append the session without its attributes; the caller appends these and the
 * closing brace.  0 or -1. */
int	program_view_who(const struct session *s, struct buf *out);

/* Append the name of the topic's route, or null.  0 or -1.  The route's
 * attributes are topic->attributes, a JSON object. */
int	program_view_route(const struct topic *t, struct buf *out);
