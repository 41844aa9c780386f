/*
 * receive.c: messages on their way from a transport to their protocol.
 */
#include "wampd/core/receive.h"

#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/flush.h"
#include "wampd/core/protocol.h"
#include "wampd/core/slow.h"

bool
receive_message(struct session *s, struct slice text, bool binary)
{
	struct broker *b = s->broker;

	if (s->state != SESSION_OPEN)
		return false;
	s->heard = true;
	s->received++;
	b->stats.messages++;
	if (text.len > b->set.limit_message)
		s->protocol->oversized(s);
	else
		s->protocol->receive(s, text, binary);
	if (++b->flush.messages >= TURN_MESSAGES)
		flush_breathe(b);
	/* Answers to itself fill its own queue: it must read them first. */
	if (s->slow != NULL)
		slow_pause(s, s);
	return s->state == SESSION_OPEN && !s->paused;
}

void
receive_oversized(struct session *s)
{
	if (s->state == SESSION_OPEN)
		s->protocol->oversized(s);
}
