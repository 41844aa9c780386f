/*
 * ping.c: topics on which the broker itself publishes at intervals.
 *
 * As Oro's WebsocketPingTopic.  A topic has a timer as long as it has
 * subscribers.  All timers of a handler have the same interval, so a list in
 * the order of their starts is sorted.
 */
#include <stdlib.h>
#include <sys/queue.h>

#include "route/declare.h"
#include "route/diag.h"
#include "wampd/core/broker.h"
#include "wampd/core/generation.h"
#include "wampd/core/guard.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"
#include "wampd/core/publish.h"
#include "wampd/handlers/types.h"

#define PING_BESIDE	7	/* bytes of [8,"",] around topic and event */

struct ping_timer {
	struct ping  *ping;		/* borrowed; it has the timer */
	TAILQ_ENTRY(ping_timer) link;	/* ping->timers */
	struct topic *topic;		/* borrowed; has subscribers */
	int64_t	      due;		/* ms, monotonic */
};

struct ping {
	TAILQ_HEAD(, ping_timer) timers;	/* soonest first */
};

/* The topics keep their timers at a reload, and with them the rhythm. */
static void
ping_inherit(struct handler *h, struct handler *before)
{
	void *fresh = h->state;

	h->state = before->state;
	before->state = fresh;
}

static int
ping_init(struct handler *h, struct diags *d)
{
	struct ping *p;

	if (slice_str(h->decl->ping.message).len + PING_BESIDE >
	    h->generation->set.limit_message) {
		diag_add(d, DIAG_ERROR, h->decl->file, h->decl->line,
		    h->decl->column, "too-large", "the handler \"%s\": "
		    "message: longer than limits.message allows", h->name);
		return -1;
	}
	if ((p = calloc(1, sizeof(*p))) == NULL) {
		handler_report_memory(h, d);
		return -1;
	}
	TAILQ_INIT(&p->timers);
	h->state = p;
	return 0;
}

static void
ping_stop(struct ping_timer *timer)
{
	TAILQ_REMOVE(&timer->ping->timers, timer, link);
	timer->topic->timer = NULL;
	free(timer);
}

static void
ping_free(struct handler *h)
{
	struct ping *p = h->state;
	struct ping_timer *timer;

	while ((timer = TAILQ_FIRST(&p->timers)) != NULL) {
		TAILQ_REMOVE(&p->timers, timer, link);
		free(timer);
	}
	free(p);
}

static void
ping_joined(struct handler *h, struct topic *t, struct session *s)
{
	struct ping *p = h->state;
	struct ping_timer *timer;

	if (t->timer != NULL)
		return;
	if ((timer = malloc(sizeof(*timer))) == NULL) {
		session_doom(s, 0, "out of memory");
		return;
	}
	timer->ping = p;
	timer->topic = t;
	timer->due = h->broker->now + h->decl->ping.interval;
	TAILQ_INSERT_TAIL(&p->timers, timer, link);
	t->timer = timer;
}

static void
ping_left(struct handler *h, struct topic *t, struct session *s)
{
	(void)s;
	(void)h;
	if (t->n == 0 && t->timer != NULL)
		ping_stop(t->timer);
}

#define PUBLISHES	"only the broker publishes on a ping topic"

static enum verdict
ping_publish(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	(void)h;
	(void)p;
	(void)delivered;
	err_set(e, PUBLISHES);
	return VERDICT_NO;
}

static enum verdict
ping_may(struct handler *h, enum declare_action action,
    const struct topic *t, const struct principal *p, struct errbuf *e)
{
	(void)h;
	(void)t;
	(void)p;
	if (action != DECLARE_PUBLISH)
		return VERDICT_YES;
	err_set(e, PUBLISHES);
	return VERDICT_NO;
}

static int64_t
ping_tick(struct handler *h)
{
	int64_t now = h->broker->now, interval = h->decl->ping.interval;
	struct ping *p = h->state;
	struct ping_timer *timer;
	struct errbuf e;

	while ((timer = TAILQ_FIRST(&p->timers)) != NULL &&
	    timer->due <= now) {
		struct publication ping = {
			.broker = h->broker,
			.topic = timer->topic,
			.event = slice_str(h->decl->ping.message),
		};

		/* Subscribers do not change while we publish: sessions are
		 * freed at the end of the turn. */
		if (limits_check_event(h->broker, ping.topic, ping.event,
		    &e) == 0)
			(void)publish_own(&ping);
		else
			guard_warn(h, ping.topic->name, e.msg);
		TAILQ_REMOVE(&p->timers, timer, link);
		timer->due = now + interval;
		TAILQ_INSERT_TAIL(&p->timers, timer, link);
	}
	return timer != NULL ? timer->due - now : -1;
}

const struct handler_type handler_ping = {
	.name = "ping",
	.init = ping_init,
	.free = ping_free,
	.joined = ping_joined,
	.left = ping_left,
	.inherit = ping_inherit,
	.publish = ping_publish,
	.may = ping_may,
	.tick = ping_tick,
};
