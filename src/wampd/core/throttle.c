/*
 * throttle.c: how many messages a session may send, by limits.rate.
 */
#include "wampd/core/throttle.h"

#include "base/clock.h"
#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"

#define LOOKS	16	/* at a session, while it empties a whole bucket */
#define STEP_MAX 64	/* messages from one look to the next */

/* Peers that administer the broker or prove the application's secret, and those
 * of this machine, are trusted to send as fast as they can. */
#define UNLIMITED	((unsigned)WHO_LOCAL | WHO_BACKEND | WHO_LOOPBACK)

void
throttle_set(struct broker *b)
{
	int64_t step = 1;

	while (step < STEP_MAX && step * 2 * LOOKS <= b->set.limit_rate_burst)
		step *= 2;
	b->throttle.mask = b->set.limit_rate > 0 ? (uint64_t)step - 1 :
	    UINT64_MAX;
}

static struct throttle_bucket *
bucket_obtain(struct session *s)
{
	struct ledger *x = ledger_obtain(s);

	if (x == NULL)
		return NULL;
	if (x->bucket.seen == 0) {
		x->bucket.tokens = (double)s->broker->set.limit_rate_burst;
		x->bucket.since = s->opened;
	}
	return &x->bucket;
}

/* Let it wait among the others, who are sorted.  Most belong at the end. */
static void
throttle_wait(struct session *s, int64_t due)
{
	struct pause *p = &s->broker->throttle.pause;
	struct session *before = TAILQ_LAST(&p->waiters, session_list);

	s->ledger->bucket.due = due;
	while (before != NULL && before->ledger->bucket.due > due)
		before = TAILQ_PREV(before, session_list, pause_link);
	pause_session_behind(p, s, before);
}

static void
throttle_begin(struct session *s, struct throttle_bucket *k)
{
	struct broker *b = s->broker;
	double rate = (double)b->set.limit_rate / 1000;	/* per ms */

	b->stats.limited_rate++;
	if (!k->said)
		log_info("session=%s is slowed down: limits.rate is %lld",
		    s->id, (long long)b->set.limit_rate);
	k->said = true;
	throttle_wait(s, b->now + (int64_t)(-k->tokens / rate) + 1);
}

void
throttle_look(struct session *s)
{
	struct broker *b = s->broker;
	struct throttle_bucket *k;

	if (principal_in(s->principal, UNLIMITED) ||
	    (k = bucket_obtain(s)) == NULL)
		return;
	k->tokens += (double)(b->now - k->since) *
	    (double)b->set.limit_rate / 1000;
	if (k->tokens > (double)b->set.limit_rate_burst)
		k->tokens = (double)b->set.limit_rate_burst;
	k->tokens -= (double)(s->received - k->seen);
	k->since = b->now;
	k->seen = s->received;
	/* If another pause has it already, it pays later. */
	if (k->tokens < 0 && s->paused_by == NULL)
		throttle_begin(s, k);
}

int64_t
throttle_tick(struct broker *b)
{
	struct session *s;

	while ((s = TAILQ_FIRST(&b->throttle.pause.waiters)) != NULL &&
	    s->ledger->bucket.due <= b->now)
		pause_leave(s);
	return s == NULL ? -1 : clock_left(s->ledger->bucket.due, b->now);
}
