/*
 * hold.c: sessions that are not read from until something has caught up.
 */
#include "wampd/core/hold.h"

#include "wampd/core/broker.h"

void
hold_init(struct hold *h)
{
	TAILQ_INIT(&h->waiters);
}

void
hold_wait(struct hold *h, struct session *s)
{
	if (s->waits_for != NULL)
		return;
	s->waits_for = h;
	TAILQ_INSERT_TAIL(&h->waiters, s, wait_link);
	s->paused = true;
	s->broker->stats.pauses++;
	if (s->conn != NULL)
		s->ops->pause(s->conn, true);
}

void
hold_end(struct hold *h)
{
	struct session *s;

	while ((s = TAILQ_FIRST(&h->waiters)) != NULL)
		hold_leave(s);
}

void
hold_leave(struct session *s)
{
	if (s->waits_for == NULL)
		return;
	TAILQ_REMOVE(&s->waits_for->waiters, s, wait_link);
	s->waits_for = NULL;
	if (s->broker->stop_until != 0)
		return;			/* nothing is read any more */
	s->paused = false;
	if (s->conn != NULL && s->state == SESSION_OPEN)
		s->ops->pause(s->conn, false);
}
