/*
 * expiry.c: sessions that end at a time of their own.
 */
#include "wampd/core/expiry.h"

#include <stddef.h>
#include <stdlib.h>

#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"

struct expiry {
	struct ledger_part part;	/* first; its owner is the address of
					 * `expiries` */
	struct deadline	 end;
	struct session	*session;	/* borrowed */
};

static struct expiry *
expiry_of(struct deadline *d)
{
	return (struct expiry *)(void *)((char *)d -
	    offsetof(struct expiry, end));
}

static void
expiry_leave(struct ledger_part *part)
{
	struct expiry *x = (struct expiry *)(void *)part;

	deadline_drop(&x->session->broker->sessions.expiries, &x->end);
	free(x);
}

int
expiry_set(struct session *s, int64_t at)
{
	struct deadlines *all = &s->broker->sessions.expiries;
	struct expiry *x;

	if ((x = calloc(1, sizeof(*x))) == NULL)
		return -1;
	x->part.owner = all;
	x->part.leave = expiry_leave;
	x->session = s;
	if (deadline_set(all, &x->end, at) == 0) {
		if (ledger_keep(s, &x->part) == 0)
			return 0;
		deadline_drop(all, &x->end);
	}
	free(x);
	return -1;
}

int64_t
expiry_tick(struct broker *b)
{
	struct deadlines *all = &b->sessions.expiries;
	struct deadline *d;
	struct session *s;

	while ((d = deadlines_due(all, b->now)) != NULL) {
		deadline_drop(all, d);
		s = expiry_of(d)->session;
		if (s->state == SESSION_DOOMED)
			continue;
		b->stats.sessions_expired++;
		session_turn_away(s, CLOSE_TRY_AGAIN,
		    "the time of its ticket is up");
	}
	return deadlines_wait(all, b->now);
}
