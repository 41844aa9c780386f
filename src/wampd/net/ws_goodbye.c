/*
 * ws_goodbye.c: the end of a connection: close frames, and waiting for the
 * peer's end.
 *
 * We do not close a socket at once: if the kernel has input that was not read,
 * it tells the peer so with a reset, which can destroy our last words.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"
#include "wampd/net/ws_relay.h"

#define CLOSE_HEAD	2		/* bytes in front of the payload */

static int
put_close(struct ws_conn *c, const char *payload, size_t len)
{
	char frame[CLOSE_HEAD + WS_CONTROL_MAX] = { (char)(WS_FIN | WS_CLOSE),
	    (char)len };

	memcpy(frame + CLOSE_HEAD, payload, len);
	return stream_put(&c->stream, frame, CLOSE_HEAD + len);
}

/* What a connection needs behind its session.  0, or -1 when out of memory. */
static int
conn_obtain_visit(struct ws_conn *c)
{
	if (c->visit == NULL &&
	    (c->visit = calloc(1, sizeof(*c->visit))) == NULL)
		return -1;
	c->visit->conn = c;
	return 0;
}

/* Let the connection wait among the farewells, whose number is bounded.  0, or
 * -1 when it was closed instead. */
static int
conn_wait(struct ws_conn *c)
{
	struct ws *w = c->ws;
	struct visit *oldest;

	visits_add(&w->farewells, &c->visit->visit, w->broker->now);
	if ((oldest = visits_excess(&w->farewells)) != NULL)
		conn_close(conn_of_visit(oldest));
	return c->state == CONN_GONE ? -1 : 0;
}

/* Whether it is among the farewells already. */
static bool
is_waiting(const struct ws_conn *c)
{
	return c->state == CONN_GOODBYE || c->state == CONN_FAREWELL;
}

/* The connection leaves the door, or its server of HTTP, if it is there. */
static void
conn_leave(struct ws_conn *c)
{
	if (c->state == CONN_READY)
		TAILQ_REMOVE(&c->ws->ready, c->visit, ready_link);
	if (c->state == CONN_ASKING)
		identify_cancel(&c->visit->ask);
	if (c->state < CONN_OPEN)
		door_leave(&c->ws->door, &c->visit->visit);
	if (c->state == CONN_KEPT)
		visits_remove(&c->ws->kept, &c->visit->visit);
	if (c->state == CONN_RELAYED) {
		relay_leave(c->visit->relay);
		c->visit->relay = NULL;
	}
}

void
conn_skip_message(struct ws_conn *c)
{
	c->ws->unfinished -= ws_reader_held(&c->reader);
	ws_reader_skip(&c->reader);
}

void
conn_free_visit(struct ws_conn *c)
{
	if (c->visit == NULL)
		return;
	buf_clear(&c->visit->answer);
	principal_unref(c->visit->principal);
	free(c->visit);
	c->visit = NULL;
}

void
conn_close(struct ws_conn *c)
{
	if (c->state == CONN_GONE)
		return;
	conn_leave(c);
	conn_skip_message(c);
	if (is_waiting(c))
		visits_remove(&c->ws->farewells, &c->visit->visit);
	conn_move(c, CONN_GONE);
	stream_close(&c->stream);
}

void
conn_farewell(struct ws_conn *c)
{
	bool waiting = is_waiting(c);

	if (conn_obtain_visit(c) == -1) {
		conn_close(c);
		return;
	}
	conn_leave(c);
	conn_skip_message(c);
	conn_move(c, CONN_FAREWELL);
	if (waiting || conn_wait(c) == 0)
		stream_finish(&c->stream);
}

void
conn_goodbye(struct ws_conn *c, uint16_t code, const char *reason)
{
	char payload[WS_CONTROL_MAX] = { (char)(code >> 8), (char)code };
	size_t len = utf8_fit(slice_str(reason), WS_CONTROL_MAX - 2);

	memcpy(payload + 2, reason, len);
	if (conn_obtain_visit(c) == -1 ||
	    put_close(c, payload, 2 + len) == -1) {
		conn_close(c);
		return;
	}
	conn_leave(c);
	conn_skip_message(c);
	conn_move(c, CONN_GOODBYE);
	if (conn_wait(c) == 0)
		stream_pause(&c->stream, false);
}

int
conn_keep_close(struct ws_conn *c, struct slice payload)
{
	if (conn_obtain_visit(c) == -1)
		return -1;
	memcpy(c->visit->close, payload.p, payload.len);
	c->visit->close_len = (uint8_t)payload.len;
	return 0;
}

void
conn_answer_close(struct ws_conn *c)
{
	if (put_close(c, c->visit->close, c->visit->close_len) == -1)
		conn_close(c);
	else
		conn_farewell(c);
}
