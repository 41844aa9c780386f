/*
 * pause.c: sessions that are not read from until something has caught up.
 */
#include "wampd/core/pause.h"

#include "wampd/core/broker.h"

void
pause_init(struct pause *h)
{
	TAILQ_INIT(&h->waiters);
}

void
pause_session(struct pause *h, struct session *s)
{
	if (s->paused_by != NULL)
		return;
	s->paused_by = h;
	TAILQ_INSERT_TAIL(&h->waiters, s, pause_link);
	s->paused = true;
	s->broker->stats.pauses++;
	if (s->conn != NULL)
		s->ops->pause(s->conn, true);
}

void
pause_end(struct pause *h)
{
	struct session *s;

	while ((s = TAILQ_FIRST(&h->waiters)) != NULL)
		pause_leave(s);
}

void
pause_leave(struct session *s)
{
	if (s->paused_by == NULL)
		return;
	TAILQ_REMOVE(&s->paused_by->waiters, s, pause_link);
	s->paused_by = NULL;
	if (s->broker->stop_until != 0)
		return;			/* nothing is read any more */
	s->paused = false;
	if (s->conn != NULL && s->state == SESSION_OPEN)
		s->ops->pause(s->conn, false);
}
