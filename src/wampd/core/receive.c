/*
 * receive.c: handing received messages to the protocol.
 */
#include "wampd/core/receive.h"

#include <string.h>

#include "proto/close_code.h"
#include "wampd/core/bounds.h"
#include "wampd/core/broker.h"
#include "wampd/core/flush.h"
#include "wampd/core/ledger.h"
#include "wampd/core/protocol.h"
#include "wampd/core/slow.h"

#define OPCODE_PONG	0x0a	/* RFC 6455 section 5.5.3 */
#define TOO_EARLY	"it sent too much before it was identified"

/* In front of each message in ledger->early. */
struct early {
	size_t	len;		/* bytes of the message */
	bool	binary;
};

/* Keep a message of a pending session.  Its transport is paused, so these are
 * only the messages of one read. */
__attribute__((noinline))
static void
keep_early(struct session *s, struct slice text, bool binary)
{
	const struct early head = { .len = text.len, .binary = binary };
	struct ledger *l = ledger_obtain(s);

	if (l != NULL && l->early.len + text.len >
	    s->broker->set.limit_message)
		session_doom(s, CLOSE_TOO_BIG, TOO_EARLY);
	else if (l == NULL ||
	    buf_add(&l->early, &head, sizeof(head)) == -1 ||
	    buf_add_slice(&l->early, text) == -1)
		session_doom(s, 0, "out of memory");
}

/* Whether the transport may hand over the next message. */
static bool
receive_next(struct session *s)
{
	struct broker *b = s->broker;

	if (++b->flush.messages >= TURN_MESSAGES)
		flush_breathe(b);
	/* The answers to its own messages fill its queue: it must read them
	 * before it sends more. */
	if (s->slow != NULL)
		slow_pause(s, s);
	return s->state == SESSION_OPEN && !s->paused;
}

bool
receive_message(struct session *s, struct slice text, bool binary)
{
	struct broker *b = s->broker;

	if (s->state != SESSION_OPEN) {
		if (s->state == SESSION_PENDING)
			keep_early(s, text, binary);
		return false;
	}
	s->heard = true;
	s->received++;
	s->bytes += text.len;
	b->stats.messages++;
	if ((s->received & b->throttle.mask) == 0)
		throttle_look(s);
	if (text.len > b->set.limit_message)
		s->protocol->oversized(s);
	else
		s->protocol->receive(s, text, binary);
	return receive_next(s);
}

bool
receive_ping(struct session *s, struct slice payload)
{
	struct frame *pong;

	if (s->state != SESSION_OPEN)
		return false;
	s->heard = true;
	pong = frame_new_control(&s->broker->pressure.frame_bytes, OPCODE_PONG,
	    payload);
	if (pong == NULL) {
		session_doom(s, 0, "out of memory");
		return false;
	}
	/* Who sends pings and does not read is slow. */
	pong->overflow = OVERFLOW_DISCONNECT;
	(void)session_send(s, pong);
	return receive_next(s);
}

void
receive_early(struct session *s)
{
	struct buf all;
	struct early head;
	size_t at = 0;

	if (s->ledger == NULL || s->ledger->early.len == 0)
		return;
	all = s->ledger->early;
	s->ledger->early = (struct buf){ 0 };
	while (at < all.len && s->state == SESSION_OPEN) {
		memcpy(&head, all.data + at, sizeof(head));
		at += sizeof(head);
		(void)receive_message(s, slice_of(all.data + at, head.len),
		    head.binary);
		at += head.len;
	}
	buf_clear(&all);
}

void
receive_oversized(struct session *s)
{
	if (s->state == SESSION_OPEN)
		s->protocol->oversized(s);
	else
		session_doom(s, CLOSE_TOO_BIG, TOO_EARLY);
}
