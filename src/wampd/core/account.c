/*
 * account.c: the memory that each session causes, beside its queue.
 */
#include "wampd/core/account.h"

#include <inttypes.h>

#include "wampd/core/broker.h"

#define UNIT	16	/* bytes: malloc() gives memory in such steps, and
			 * session->memory counts them */

static uint32_t
units(size_t n)
{
	return (uint32_t)((n + UNIT - 1) / UNIT);
}

size_t
account_of(const struct session *s)
{
	return (size_t)s->memory * UNIT;
}

size_t
account_room(const struct session *s)
{
	size_t most = s->broker->set.limit_memory_session, has = account_of(s);

	return has < most ? most - has : 0;
}

int
account_check(const struct session *s, size_t n, struct errbuf *e)
{
	struct broker *b = s->broker;

	if (n <= account_room(s))
		return 0;
	b->stats.limited_memory++;
	err_set(e, "limits.memory_session is %" PRIu64,
	    b->set.limit_memory_session);
	return -1;
}

void
account_charge(struct session *s, size_t n)
{
	s->memory += units(n);
	if (s->state == SESSION_OPEN)
		s->broker->sessions.memory += (size_t)units(n) * UNIT;
}

void
account_refund(struct session *s, size_t n)
{
	s->memory -= units(n);
	if (s->state == SESSION_OPEN)
		s->broker->sessions.memory -= (size_t)units(n) * UNIT;
}

void
account_open(struct session *s)
{
	s->broker->sessions.memory += account_of(s);
}

void
account_close(struct session *s)
{
	s->broker->sessions.memory -= account_of(s);
}
