/*
 * pause.c: pausing the reading from sessions.
 */
#include "wampd/core/pause.h"

#include "wampd/core/broker.h"

void
pause_init(struct pause *p)
{
	TAILQ_INIT(&p->waiters);
	p->slow = false;
}

void
pause_session(struct pause *p, struct session *s)
{
	pause_session_behind(p, s, TAILQ_LAST(&p->waiters, session_list));
}

void
pause_session_behind(struct pause *p, struct session *s,
    struct session *before)
{
	if (s->paused_by != NULL)
		return;
	s->paused_by = p;
	if (before != NULL)
		TAILQ_INSERT_AFTER(&p->waiters, before, s, pause_link);
	else
		TAILQ_INSERT_HEAD(&p->waiters, s, pause_link);
	s->paused = true;
	s->broker->stats.pauses++;
	if (s->conn != NULL)
		s->ops->pause(s->conn, true);
}

void
pause_end(struct pause *p)
{
	struct session *s;

	while ((s = TAILQ_FIRST(&p->waiters)) != NULL)
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
		return;			/* stopping: nothing is read */
	s->paused = false;
	if (s->conn != NULL && s->state == SESSION_OPEN)
		s->ops->pause(s->conn, false);
}
