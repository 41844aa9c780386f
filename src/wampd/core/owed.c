/*
 * owed.c: an answer to a call that takes several turns to make.
 */
#include "wampd/core/owed.h"

#include "wampd/core/ledger.h"
#include "wampd/core/session.h"

int
owed_begin(struct owed *o, const struct reply_to *to, bool wait)
{
	struct ledger *l = ledger_obtain(to->session);

	if (l == NULL || buf_add_slice(&o->call_id, to->id) == -1) {
		buf_clear(&o->call_id);
		return -1;
	}
	o->caller = to->session;
	pause_init(&o->pause);
	TAILQ_INSERT_TAIL(&l->owed, o, link);
	if (wait)
		pause_session(&o->pause, o->caller);
	return 0;
}

void
owed_end(struct owed *o)
{
	struct session *s = o->caller;

	if (s == NULL)
		return;
	TAILQ_REMOVE(&s->ledger->owed, o, link);
	pause_end(&o->pause);
	buf_clear(&o->call_id);
	o->caller = NULL;
	session_settle(s);
}

void
owed_result(struct owed *o, struct slice result)
{
	const struct reply_to to = owed_to(o);

	reply_result(&to, result, false);
	owed_end(o);
}

void
owed_failure(struct owed *o, const struct failure *f)
{
	const struct reply_to to = owed_to(o);

	reply_failure(&to, f);
	owed_end(o);
}
