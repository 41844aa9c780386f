/*
 * refuse.c: refusing subscriptions, publications and calls.
 */
#include "wampd/core/refuse.h"

#include <inttypes.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/protocol.h"
#include "wampd/core/tally.h"
#include "wampd/core/topic.h"

#define SECOND	1000	/* ms */

/* Whether one more warning may be logged in this second. */
static bool
may_warn(struct broker *b)
{
	struct refusals *r = &b->refusals;

	if (b->now - r->since >= SECOND) {
		if (r->silent > 0)
			log_warn("refused=%" PRIu64 " more were not logged",
			    r->silent);
		*r = (struct refusals){ .since = b->now };
	}
	if (r->logged == REFUSALS_LOGGED) {
		r->silent++;
		return false;
	}
	r->logged++;
	return true;
}

static void
log_refusal(struct session *s, struct slice uri, const char *verb,
    const struct failure *f)
{
	enum log_level level = s->warned || !may_warn(s->broker) ?
	    LOG_LEVEL_DEBUG : LOG_LEVEL_WARN;

	if (session_log_on(s, level))
		log_always(level, "session=%s %s topic=%s refused: %s", s->id,
		    verb, log_quote(uri).s, f->reason.msg);
	s->warned = true;
}

static void
refuse(struct session *s, const struct topic *t, const char *verb,
    const struct failure *f)
{
	log_refusal(s, t->name, verb, f);
	s->protocol->refused(s, t, f);
}

void
refuse_caller(struct call *c, struct slice uri)
{
	c->broker->stats.calls_refused++;
	log_refusal(c->to.session, uri, "call", &c->failure);
	reply_failure(&c->to, &c->failure);
}

void
refuse_subscribe(struct session *s, const struct topic *t,
    const struct failure *f)
{
	s->broker->stats.subscribes_refused++;
	if (t->handler != NULL)
		t->handler->counts.refusals++;
	if (replay_refuse(s, t, f)) {
		log_refusal(s, t->name, "subscribe", f);
		return;
	}
	if (tally_refuse_subscribe(s, t->name, f) == -1)
		session_doom(s, 0, "out of memory");
	else
		refuse(s, t, "subscribe", f);
}

void
refuse_publish(struct session *s, const struct topic *t, uint64_t index,
    const struct failure *f)
{
	if (tally_refuse_publish(s, t->name, index, f) == -1)
		session_doom(s, 0, "out of memory");
	else
		refuse(s, t, "publish", f);
}
