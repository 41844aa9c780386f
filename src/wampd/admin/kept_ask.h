/*
 * kept_ask.h: which of the kept events of a topic a call asks for.
 */
#pragma once

#include "wampd/core/replay.h"

struct call;
struct json_elem;
struct topic;

/* Read the first argument, a topic.  NULL with c->failure filled. */
struct topic *kept_ask_topic(struct call *c);

/* Read an option: {"last":5} or {"since":600} or
 * {"since":"2026-12-24T22:00:00Z"}.  Returns 1; 0 if it is another one; or -1
 * with c->failure filled. */
int	kept_ask_option(struct call *c, struct slice key,
	    const struct json_elem *value, struct replay_ask *ask);

/* Whether the options are {"match":"prefix"}.  They are required, because there
 * may be other ways to match later. */
bool	kept_ask_is_prefix(const struct json_elem *options);

/* Read whether to retain events: true, false, or for how many seconds, which
 * *ms is then; otherwise it is 0.  Returns false, with both unchanged, if it is
 * none of these. */
bool	kept_ask_retain(const struct json_elem *value, bool *retain,
	    int64_t *ms);
