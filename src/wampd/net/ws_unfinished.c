/*
 * ws_unfinished.c: the memory of messages that have not come whole.
 *
 * A client that never ends its message keeps up to twice limits.message of it
 * here, and it costs the client next to nothing.  So all of them together have
 * a bound, as the queues have, and the largest ones go.
 */
#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/evict.h"
#include "wampd/net/ws_conn.h"

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

static bool
is_full(void *ws)
{
	const struct ws *w = ws;

	return w->unfinished > w->broker->set.limit_queues;
}

static void
evict_message(void *ws, struct session *s)
{
	(void)ws;
	conn_skip_message(conn_of_session(s));
	session_turn_away(s, CLOSE_TRY_AGAIN,
	    "no room for its message: limits.queues is reached");
}

void
ws_evict(struct ws *w)
{
	const struct eviction by = { held_by, is_full, evict_message, w };

	evict_largest(w->broker, &by);
}
