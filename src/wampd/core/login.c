/*
 * login.c: a session proves who it is after it was opened.
 */
#include "wampd/core/login.h"

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/guard.h"
#include "wampd/core/sub.h"

/* End the subscriptions that are not permitted any more. */
static void
judge_subscriptions(struct session *s)
{
	struct sub *sub, *next;
	struct topic *t;

	for (sub = s->subs; sub != NULL; sub = next) {
		next = sub->next;
		t = sub->topic;
		if (t->handler != NULL && guard_permits(t->handler,
		    DECLARE_SUBSCRIBE, s->principal, t->name))
			continue;
		if (session_log_on(s, LOG_LEVEL_DEBUG))
			log_always(LOG_LEVEL_DEBUG,
			    "session=%s subscription ended topic=%s", s->id,
			    log_quote(t->name).s);
		sub_remove(&s->broker->topics, t, s);
	}
}

void
session_log_in(struct session *s, const struct principal *principal)
{
	const struct principal *before = s->principal;
	struct broker *b = s->broker;

	if (!principal_is_stranger(before))
		generations_tell_closed(&b->generations, s);
	source_leave_user(&b->sources, before);
	s->principal = principal_ref(principal);
	if (source_enter_user(&b->sources, principal) == -1)
		log_err("session=%s is not counted: out of memory", s->id);
	judge_subscriptions(s);
	principal_unref(before);
	if (session_log_on(s, session_log_level(s)))
		log_always(session_log_level(s),
		    "session=%s login principal=%s", s->id,
		    log_quote(slice_str(principal->name)).s);
	watch_tell_session(&b->watch, WATCH_SESSION_LOGIN, s, 0, NULL);
	generation_tell_opened(b->generation, s);
}
