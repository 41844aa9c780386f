/*
 * topic_room.c: room for one more topic in limits.topics.
 */
#include "wampd/core/topic_room.h"

#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/sub.h"

#define SHARES	8	/* times its share of all topics: a session with more
			 * is closed */
#define SEARCH_PAUSE	100	/* ms between two searches: each looks at all
				 * sessions */

static bool
is_full(const struct topics *all)
{
	return all->nused >= (size_t)all->broker->set.limit_topics;
}

/* How many topics would not be in use without it. */
static size_t
paid_topics(const struct session *s)
{
	const struct sub *sub;
	size_t n = 0;

	for (sub = s->subs; sub != NULL; sub = sub->next)
		n += sub->topic->payer == s;
	return n;
}

/* The session that pays for most topics, if it pays for more than `least`; or
 * NULL.  Who administers the broker is spared. */
static struct session *
largest_payer(const struct broker *b, size_t least)
{
	struct session *s, *largest = NULL;
	size_t n;

	TAILQ_FOREACH(s, &b->sessions.open, link) {
		if (s->nsubs <= least || s->ops->trusted)
			continue;
		if ((n = paid_topics(s)) > least) {
			least = n;
			largest = s;
		}
	}
	return largest;
}

/* Close the session that has far more topics than the others, if there is one.
 * Its topics are free at once, because the caller wants one.  A newcomer with
 * that many subscriptions does not get its wish, nor a search: it must not use
 * up those of others. */
static void
topic_room_make(struct broker *b, const struct session *newcomer)
{
	size_t least = (size_t)b->set.limit_topics / b->sessions.n * SHARES;
	size_t all = SIZE_MAX;
	struct session *s;

	if (b->now < b->topics.next_search || newcomer->nsubs > least)
		return;
	b->topics.next_search = b->now + SEARCH_PAUSE;
	if ((s = largest_payer(b, least)) == NULL)
		return;
	b->stats.sessions_evicted++;
	session_turn_away(s, CLOSE_POLICY,
	    "it has most of the topics: limits.topics is reached");
	(void)sub_remove_some(&b->topics, s, &all);
}

int
topic_room_obtain(struct session *s, struct errbuf *e)
{
	struct broker *b = s->broker;

	if (is_full(&b->topics))
		topic_room_make(b, s);
	if (!is_full(&b->topics))
		return 0;
	b->stats.limited_topics++;
	err_set(e, "limits.topics is %lld, and as many are in use",
	    (long long)b->set.limit_topics);
	return -1;
}
