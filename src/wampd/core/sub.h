/*
 * sub.h: subscriptions of sessions to topics.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct session;
struct topic;
struct topics;

/* One session's subscription to one topic. */
struct sub {
	struct session *session;	/* these two are the key in */
	struct topic   *topic;		/* broker->topics.subs */
	struct sub     *next;		/* session->subs */
	struct sub     *prev;
	size_t		index;		/* of session in topic->members */
};

#define SUB_COST	96	/* bytes of memory, with its place in lists */

/* Make the map of all subscriptions. */
void	subs_init(struct topics *all);

/* Subscribe s to t, and tell the handler.  Returns 1; 0 if it is subscribed
 * already; -1 when out of memory. */
int	sub_add(struct topics *all, struct topic *t, struct session *s);

/* Unsubscribe s from t, and tell the handler.  Nothing happens if it is not
 * subscribed. */
void	sub_remove(struct topics *all, struct topic *t, struct session *s);

/* Unsubscribe s from its topics, at most *most of them, and take their number
 * off *most.  Returns whether no subscription is left. */
bool	sub_remove_some(struct topics *all, struct session *s, size_t *most);

/* Whether s is subscribed to t. */
bool	sub_exists(struct topics *all, struct topic *t, struct session *s);
