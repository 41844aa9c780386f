/*
 * watch.h: subscriptions to every topic that begins alike (wampd.subscribe).
 *
 * Administration, and rare: a broker keeps one list, which an event walks only
 * when it is not empty.  Topics know nothing of it: one that is watched is no
 * more in use than it would be otherwise, so that watching millions of topics
 * keeps none of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"

struct broker;
struct call;
struct frame;
struct session;
struct topic;

/* What a topic held when the watch began, to be sent as the session reads. */
struct watch_event {
	struct frame *frame;	/* a reference of ours; NULL: trimmed */
	size_t	      name;	/* where the topic's begins in watch->names */
	size_t	      len;
};

struct watch {
	LIST_ENTRY(watch) link;		/* broker->watches */
	struct session	 *session;
	struct buf	  prefix;	/* owned */
	struct watch_event *events;	/* owned; n of them, up to `sent` are
					 * done with */
	size_t		  n, cap, sent;
	struct buf	  names;	/* owned; of their topics */
	struct buf	  call_id;	/* owned; JSON: answered when all are
					 * sent.  len 0: it was */
};

LIST_HEAD(watch_list, watch);

/* wampd.subscribe [prefix, {"match":"prefix"}]: answered once the events that
 * topics hold are queued. */
int	watch_call(struct call *c);

/* Whether s hears of t, by a subscription or a watch. */
bool	watch_hears(struct broker *b, struct topic *t, struct session *s);

/* Whether s watches topics of that name. */
bool	watch_covers(const struct broker *b, struct slice name,
	    const struct session *s);

/* How many sessions watch topics of that name. */
size_t	watch_count(struct broker *b, struct slice name);

/* Send on what topics held, as far as the sessions read (broker_turn()). */
void	watches_continue(struct broker *b);

/* Let go of the events that topics have replaced, which are not sent any more.
 * It looks at each: for when memory is short. */
void	watches_trim(struct broker *b);

/* The session goes. */
void	watches_end(struct session *s);
