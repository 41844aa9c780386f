/*
 * subscribe.c: subscribing a session to a topic.
 */
#include "wampd/core/subscribe.h"

#include "base/log.h"
#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/guard.h"
#include "wampd/core/handler.h"
#include "wampd/core/refuse.h"
#include "wampd/core/request.h"
#include "wampd/core/retained.h"
#include "wampd/core/sub.h"
#include "wampd/core/topic_room.h"

int
subscribe_check_limit(const struct session *s, size_t memory,
    struct errbuf *e)
{
	struct broker *b = s->broker;

	if (s->nsubs >= (uint64_t)b->set.limit_subscriptions) {
		b->stats.limited_subscriptions++;
		err_set(e, "limits.subscriptions is %lld",
		    (long long)b->set.limit_subscriptions);
		return -1;
	}
	return account_check(s, memory, e);
}

/* Check the limits for a subscription to t.  0, or -1 with *e filled. */
static int
check_limits(struct session *s, const struct topic *t, struct errbuf *e)
{
	size_t memory = SUB_COST + (t->payer == NULL ? topic_cost(t) : 0);

	if (subscribe_check_limit(s, memory, e) == -1)
		return -1;
	return topic_in_use(t) ? 0 : topic_room_obtain(s, e);
}

static void
forbid(const struct session *s, struct failure *f)
{
	err_set(&f->reason, "%s may not subscribe here", s->principal->name);
}

/* Whether s may subscribe to t.  *f is filled for VERDICT_NO. */
static enum verdict
subscribe_permit(struct session *s, struct topic *t, struct failure *f)
{
	struct handler *h = t->handler;

	failure_begin(f, FAILURE_FORBIDDEN);
	if (h == NULL) {
		f->kind = FAILURE_NO_ROUTE;
		err_set(&f->reason, "no route matches the topic");
		return VERDICT_NO;
	}
	if (!guard_permits(h, DECLARE_SUBSCRIBE, s->principal, t->name)) {
		forbid(s, f);
		return VERDICT_NO;
	}
	if (watch_is_own(t->name) && !watch_knows(&s->broker->watch,
	    t->name)) {
		err_set(&f->reason, "the broker has no topic of that name");
		return VERDICT_NO;
	}
	if (check_limits(s, t, &f->reason) == -1)
		return VERDICT_NO;
	if (h->type->subscribe == NULL)
		return VERDICT_YES;
	handler_stir(h);
	return h->type->subscribe(h, t, s, &f->reason);
}

static void
subscribe_join(struct session *s, struct topic *t)
{
	int rc = sub_add(&s->broker->topics, t, s);

	if (rc == -1)
		session_doom(s, 0, "out of memory");
	if (rc != 1)
		return;
	if (session_log_on(s, LOG_LEVEL_DEBUG))
		log_always(LOG_LEVEL_DEBUG, "session=%s subscribe topic=%s",
		    s->id, log_quote(t->name).s);
	/* A session that is subscribed to a prefix of the topic has got the
	 * retained event already. */
	if (!replay_begin(s, t) && t->retained != NULL &&
	    !prefix_sub_covers(s->broker, t->name, s))
		retained_send(s, t, t->retained);
}

void
subscribe(struct session *s, struct topic *t)
{
	struct failure f;

	if (sub_exists(&s->broker->topics, t, s) ||
	    request_find_subscribe(s, t->name) != NULL)
		return;
	switch (subscribe_permit(s, t, &f)) {
	case VERDICT_YES:
	case VERDICT_DONE:
		subscribe_join(s, t);
		break;
	case VERDICT_LATER:
		break;
	case VERDICT_NO:
	default:
		refuse_subscribe(s, t, &f);
	}
}

void
subscribe_granted(struct session *s, struct topic *t)
{
	struct failure f = { .kind = FAILURE_FORBIDDEN };

	/* Other requests may have been granted meanwhile, and the session may
	 * have logged in. */
	if (t->handler != NULL && !guard_permits(t->handler,
	    DECLARE_SUBSCRIBE, s->principal, t->name)) {
		forbid(s, &f);
		refuse_subscribe(s, t, &f);
	} else if (check_limits(s, t, &f.reason) == -1) {
		refuse_subscribe(s, t, &f);
	} else {
		subscribe_join(s, t);
	}
}
