/*
 * barrier.c: the procedure wampd.barrier.
 */
#include "wampd/core/barrier.h"

#include <string.h>

#include "wampd/core/ledger.h"
#include "wampd/core/reply.h"
#include "wampd/core/saved.h"
#include "wampd/core/session.h"

#define WAITING_MAX	65536	/* bytes: call ids of the waiting barriers */

/* Whether a PUBLISH or SUBSCRIBE of s is not decided yet.  A barrier does not
 * wait for calls. */
static bool
is_undecided(const struct session *s)
{
	const struct request *r;

	if (s->ledger == NULL)
		return false;
	TAILQ_FOREACH(r, &s->ledger->requests, session_link)
		if (r->kind != REQUEST_CALL)
			return true;
	return false;
}

static int
barrier_answer(const struct reply_to *to)
{
	struct session *s = to->session;
	struct buf out = { 0 };
	int rc = tally_describe(s, &out);

	if (rc == 0) {
		saved_result(to, buf_slice(&out));
		s->retained = 0;
		if (s->ledger != NULL)
			tally_reset(s);
	}
	buf_clear(&out);
	return rc;
}

int
barrier_call(const struct reply_to *to)
{
	struct buf *waiting;

	if (!is_undecided(to->session))
		return barrier_answer(to);
	waiting = &to->session->ledger->barriers;
	if (waiting->len + to->id.len >= WAITING_MAX ||
	    buf_reserve(waiting, to->id.len + 1) == -1 ||
	    buf_add_slice(waiting, to->id) == -1)
		return -1;
	return buf_add_char(waiting, '\n');
}

void
barrier_release(struct session *s)
{
	struct reply_to to = { .session = s };
	struct buf ids;
	const char *at, *nl, *end;

	if (s->ledger == NULL || s->ledger->barriers.len == 0 ||
	    is_undecided(s) || s->state != SESSION_OPEN)
		return;
	ids = s->ledger->barriers;
	s->ledger->barriers = (struct buf){ 0 };
	end = ids.data + ids.len;
	for (at = ids.data; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		to.id = slice_of(at, (size_t)(nl - at));
		if (barrier_answer(&to) == -1)
			session_doom(s, 0, "out of memory");
	}
	buf_clear(&ids);
}
