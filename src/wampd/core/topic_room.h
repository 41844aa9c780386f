/*
 * topic_room.h: room for one more topic in limits.topics.
 *
 * When there is none, the newest topic is refused.  But if one session has far
 * more than its share of all topics, that session is closed instead: it must
 * not keep the others out.
 */
#pragma once

#include "base/err.h"

struct session;

/* Make sure that one more topic may be in use, for s.  Returns 0, or -1 with *e
 * filled. */
int	topic_room_obtain(struct session *s, struct errbuf *e);
