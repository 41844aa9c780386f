/*
 * prefix_sub.h: subscriptions to every topic whose name begins alike.
 *
 * They are rare: a broker keeps one list, which an event walks only when it is
 * not empty.  Topics know nothing of it: one that such a subscription covers is
 * no more in use than it would be otherwise, so that listening to millions of
 * topics keeps none of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/reply.h"

struct broker;
struct event;
struct session;
struct topic;

/* What a topic held when the subscription began, to be sent as the session
 * reads. */
struct prefix_event {
	struct event *event;	/* a reference of ours; NULL: trimmed */
	size_t	      name;	/* where the topic's begins in names */
	size_t	      len;
};

struct prefix_sub {
	LIST_ENTRY(prefix_sub) link;	/* broker->prefix_subs */
	struct session	 *session;
	struct buf	  prefix;	/* owned */
	struct prefix_event *events;	/* owned; n of them, up to `sent` are
					 * done with */
	size_t		  n, cap, sent;
	struct buf	  names;	/* owned; of their topics */
	struct buf	  call_id;	/* owned; of the call that is answered
					 * when all are sent; len 0: it was */
};

LIST_HEAD(prefix_sub_list, prefix_sub);

/* Whether s has that subscription. */
bool	prefix_sub_exists(const struct broker *b, const struct session *s,
	    struct slice prefix);

/* Subscribe to->session, and answer once the events that topics hold are
 * queued.  0, or -1 when out of memory. */
int	prefix_sub_begin(const struct reply_to *to, struct slice prefix);

/* Whether s gets the events of t, by any subscription. */
bool	prefix_sub_hears(struct broker *b, struct topic *t,
	    struct session *s);

/* Whether s gets those of topics of that name by a prefix. */
bool	prefix_sub_covers(const struct broker *b, struct slice name,
	    const struct session *s);

/* How many sessions do. */
size_t	prefix_sub_count(struct broker *b, struct slice name);

/* Send on what topics held, as far as the sessions read (once a turn). */
void	prefix_subs_continue(struct broker *b);

/* Let go of the events that topics have replaced, which are not sent any more.
 * It looks at each: for when memory is short. */
void	prefix_subs_trim(struct broker *b);

/* The session goes. */
void	prefix_subs_end(struct session *s);
