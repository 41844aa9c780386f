/*
 * refuse.c: refusing subscriptions and publications.
 */
#include "wampd/core/refuse.h"

#include "base/log.h"
#include "wampd/core/protocol.h"
#include "wampd/core/session.h"
#include "wampd/core/tally.h"
#include "wampd/core/topic.h"

static void
refuse(struct session *s, const struct topic *t, const char *verb,
    const struct failure *f)
{
	enum log_level level = s->warned ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARN;

	if (log_on(level))
		log_at(level, "session=%s %s topic=%s refused: %s", s->id,
		    verb, log_quote(t->name).s, f->reason.msg);
	s->warned = true;
	s->protocol->refused(s, t, f);
}

void
refuse_subscribe(struct session *s, const struct topic *t,
    const struct failure *f)
{
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
