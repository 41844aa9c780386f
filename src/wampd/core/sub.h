/*
 * sub.h: subscriptions: which session listens to which topic.
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
	size_t		index;		/* in topic->members */
};

/* The map of all. */
void	subs_init(struct topics *all);

/* Subscribe.  1 when new, 0 when it was already, -1 when out of memory. */
int	sub_add(struct topics *all, struct topic *t, struct session *s);

/* Unsubscribe; nothing happens when it was not subscribed. */
void	sub_remove(struct topics *all, struct topic *t, struct session *s);

/* Unsubscribe from everything, *most topics at most, which are taken off
 * *most.  Whether that was all. */
bool	sub_remove_some(struct topics *all, struct session *s, size_t *most);

/* Whether s listens to t. */
bool	sub_exists(struct topics *all, struct topic *t, struct session *s);
