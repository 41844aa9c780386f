/*
 * prefix_sub.h: subscriptions to all topics whose name has a prefix.
 *
 * They are rare, so the broker has one list of them, and each event is compared
 * with all.  They do not keep topics in use: a subscription to millions of
 * topics must not take their memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/watch.h"

struct broker;
struct event;
struct reply_to;
struct session;
struct topic;

/* An event that a topic retained when the subscription began.  It is sent when
 * the session has room in its queue. */
struct prefix_event {
	struct event *event;	/* a reference; NULL: trimmed */
	size_t	      name;	/* where the topic's name begins in names */
	size_t	      len;	/* bytes of that name */
};

struct prefix_sub {
	LIST_ENTRY(prefix_sub) link;	/* broker->prefix_subs */
	struct session	 *session;
	struct buf	  prefix;	/* owned */
	struct prefix_event *events;	/* owned; n of them, the first `sent`
					 * are done */
	size_t		  n, cap, sent;
	struct buf	  names;	/* owned; names of their topics */
	struct buf	  call_id;	/* owned; the call that is answered
					 * when all are sent; len 0: it is
					 * answered */
};

LIST_HEAD(prefix_sub_list, prefix_sub);

/* Whether the topic of that name is one of the prefix.  The broker's own topics
 * are only if the prefix names them, too: whoever subscribes to all topics does
 * not want them. */
static inline bool
prefix_sub_matches(const struct prefix_sub *w, struct slice name)
{
	struct slice prefix = buf_slice(&w->prefix);

	return slice_starts(name, prefix) &&
	    (!watch_is_own(name) || watch_is_own(prefix));
}

/* Whether s is subscribed to exactly this prefix. */
bool	prefix_sub_exists(const struct broker *b, const struct session *s,
	    struct slice prefix);

/* Subscribe to->session to a prefix.  The call is answered when the retained
 * events of its topics are queued.  Returns 0, or -1 when out of memory. */
int	prefix_sub_begin(const struct reply_to *to, struct slice prefix);

/* How many bytes of memory it takes, beside the events. */
size_t	prefix_sub_cost(struct slice prefix);

/* Whether s gets the events of t, by a subscription to t or to a prefix. */
bool	prefix_sub_hears(struct broker *b, struct topic *t,
	    struct session *s);

/* Whether s is subscribed to a prefix of that topic name. */
bool	prefix_sub_covers(const struct broker *b, struct slice name,
	    const struct session *s);

/* How many sessions are subscribed to a prefix of that topic name. */
size_t	prefix_sub_count(struct broker *b, struct slice name);

/* Send more of the events that were retained when the subscriptions began, to
 * the sessions that have room.  Called once a turn. */
void	prefix_subs_continue(struct broker *b);

/* Free those of these events that their topics have replaced, because they are
 * not sent any more.  It looks at each event; called when memory is short. */
void	prefix_subs_trim(struct broker *b);

/* End all subscriptions of s to prefixes. */
void	prefix_subs_end(struct session *s);
