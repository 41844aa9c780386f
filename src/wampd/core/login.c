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

static void
tell_closed(struct session *s)
{
	if (!principal_is_stranger(s->principal))
		generations_tell_closed(&s->broker->generations, s);
}

/* Takes a reference of its own. */
static void
set_principal(struct session *s, const struct principal *principal)
{
	struct sources *all = &s->broker->sources;
	const struct principal *before = s->principal;

	source_leave_user(all, before);
	s->principal = principal_ref(principal);
	if (source_enter_user(all, principal) == -1)
		log_err("session=%s is not counted: out of memory", s->id);
	principal_unref(before);
}

/* Log it at that level, and tell watchers and handlers. */
static void
tell_opened(struct session *s, enum log_level level, const char *what)
{
	if (session_log_on(s, level))
		log_always(level, "session=%s %s principal=%s", s->id, what,
		    log_quote(slice_str(s->principal->name)).s);
	watch_tell_session(&s->broker->watch, WATCH_SESSION_LOGIN, s, 0, NULL);
	generation_tell_opened(s->broker->generation, s);
}

void
session_log_in(struct session *s, const struct principal *principal)
{
	tell_closed(s);
	set_principal(s, principal);
	judge_subscriptions(s);
	tell_opened(s, session_log_level(s), "login");
}

void
session_change_principal(struct session *s,
    const struct principal *principal)
{
	tell_closed(s);
	set_principal(s, principal);
	tell_opened(s, LOG_LEVEL_DEBUG, "changed");
}
