/*
 * ws_unfinished.c: the memory of messages that have not come whole.
 *
 * A client that never ends its message keeps up to twice limits.message of it
 * here, and it costs the client next to nothing.  So all of them together have
 * a bound, as the queues have, and the largest ones go.
 */
#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"

#define ALIKE	8	/* those are as large as the largest that differ by
			 * less than the largest / ALIKE */

/* The connection of a session, or NULL: it is of another transport. */
static struct ws_conn *
conn_of_session(const struct session *s)
{
	return s->ops == &ws_transport || s->ops == &ws_transport_deflate ?
	    s->conn : NULL;
}

/* How many bytes of a message its client has not ended. */
static size_t
held_by(const struct session *s)
{
	const struct ws_conn *c = conn_of_session(s);

	return c != NULL ? ws_reader_held(&c->reader) : 0;
}

static size_t
largest_held(const struct broker *b)
{
	const struct session *s;
	size_t largest = 0;

	TAILQ_FOREACH(s, &b->sessions.open, link)
		if (held_by(s) > largest)
			largest = held_by(s);
	return largest;
}

static void
evict_from(struct ws *w, size_t least)
{
	struct broker *b = w->broker;
	struct session *s, *next;

	for (s = TAILQ_FIRST(&b->sessions.open); s != NULL &&
	    w->unfinished > b->set.limit_queues; s = next) {
		next = TAILQ_NEXT(s, link);
		if (held_by(s) < least)
			continue;
		b->stats.sessions_evicted++;
		conn_skip_message(conn_of_session(s));
		session_turn_away(s, CLOSE_TRY_AGAIN,
		    "no room for its message: limits.queues is reached");
	}
}

void
ws_evict(struct ws *w)
{
	size_t largest;

	while (w->unfinished > w->broker->set.limit_queues &&
	    (largest = largest_held(w->broker)) > 0)
		evict_from(w, largest - largest / ALIKE);
}
