/*
 * ws_request.c: the request of a connection, and what becomes of it.
 */
#include <stdlib.h>

#include "proto/close_code.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/protocol.h"
#include "wampd/net/deflate_offer.h"
#include "wampd/net/ws_conn.h"

#define RETRY_AFTER	10	/* seconds, when there are too many sessions */

/* ---- accepting ---- */

/* Use compression if the client offers it in a form that we speak.  *out is the
 * extension to answer. */
static int
choose_deflate(struct ws_conn *c, const struct handshake *h, struct buf *out)
{
	struct slice offers = h->offers, offer;
	struct deflate_terms terms;

	while (c->ws->deflate != NULL && handshake_offer_next(&offers, &offer))
		if (deflate_offer_read(offer, &terms)) {
			c->deflate = true;
			return deflate_offer_answer(&terms, out);
		}
	return 0;
}

/* Make the 101, which waits in the visit for WELCOME. */
static int
write_answer(struct ws_conn *c, const struct handshake *h)
{
	struct buf extension = { 0 };
	const char *value = NULL;
	int rc = choose_deflate(c, h, &extension);

	if (c->deflate && (value = buf_cstr(&extension)) == NULL)
		rc = -1;
	if (rc == 0)
		rc = handshake_write(h, value, c->stream.tls != NULL ?
		    c->ws->extra : NULL, &c->visit->answer);
	buf_clear(&extension);
	return rc;
}

static void
conn_open_session(struct ws_conn *c)
{
	struct ws *w = c->ws;

	c->session = lobby_open(w->broker, c->deflate ? &ws_transport_deflate :
	    &ws_transport, w->protocol, c, c->visit->principal);
	if (c->session == NULL)
		return;
	if (conn_bind_time(c) == -1)
		session_doom(c->session, 0, "out of memory");
	session_flush(c->session);
}

/* There is no room, and come_back wants a Close to tell it. */
static void
conn_send_away(struct ws_conn *c)
{
	struct buf *answer = &c->visit->answer;
	int rc = stream_put(&c->stream, answer->data, answer->len);

	buf_clear(answer);
	if (rc == -1)
		conn_close(c);
	else
		conn_goodbye(c, CLOSE_TRY_AGAIN, "no room for a session");
}

/* The handshake is right, and it is known whose: make a session. */
static void
conn_welcome(struct ws_conn *c, const struct handshake *h)
{
	struct ws *w = c->ws;

	if (write_answer(c, h) == -1) {
		conn_close(c);
		return;
	}
	conn_open_session(c);
	if (c->session == NULL) {
		conn_send_away(c);
		return;
	}
	door_leave(&w->door, &c->visit->visit);
	conn_move(c, CONN_OPEN);
	/* A session that is pending has not said anything. */
	if (c->visit->answer.len > 0)
		(void)stream_put(&c->stream, c->visit->answer.data,
		    c->visit->answer.len);
	conn_free_visit(c);
}

/* ---- the request ---- */

/* Let a server of HTTP answer.  0, or -1 with the refusal in *why. */
static int
conn_serve(struct ws_conn *c, const struct site_server *server,
    const struct http_request *req, struct http_refusal *why)
{
	if (site_check(req, why) == -1)
		return -1;
	if (!conn_identify(c, req))
		return 0;
	why->cause = HTTP_CAUSE_INTERNAL;
	return conn_hand_over(c, server, req, c->visit->principal);
}

/* Check whether there is room for a session, unless a Close is to tell that.
 * 0, or -1 with the refusal in *why. */
static int
conn_has_room(struct ws_conn *c, struct http_refusal *why)
{
	static const enum http_cause causes[] = {
		[LOBBY_FULL] = HTTP_CAUSE_FULL,
		[LOBBY_FULL_ADDRESS] = HTTP_CAUSE_FULL_ADDRESS,
		[LOBBY_FULL_USER] = HTTP_CAUSE_FULL_USER,
	};
	struct broker *b = c->ws->broker;
	enum lobby_room room;

	if (!settings_drop(&b->set))
		return 0;
	room = lobby_room(b, &ws_transport, &c->visit->peer,
	    c->visit->principal);
	if (room == LOBBY_ROOM)
		return 0;
	*why = (struct http_refusal){
		.cause = causes[room], .retry_after = RETRY_AFTER,
	};
	return -1;
}

/* Make it a session.  0, or -1 with the refusal in *why. */
static int
conn_shake_hands(struct ws_conn *c, const struct http_request *req,
    struct http_refusal *why)
{
	struct handshake h;

	if (handshake_check(req, &c->ws->rules, &h, why) == -1 ||
	    conn_has_room(c, why) == -1)
		return -1;
	if (!conn_identify(c, req))
		return 0;
	/* Now we know the user. */
	if (conn_has_room(c, why) == -1)
		return -1;
	conn_welcome(c, &h);
	return 0;
}

/* Let the request have what its path serves.  0, or -1 with the refusal in
 * *why. */
static int
conn_serve_path(struct ws_conn *c, const struct site_row *row,
    const struct http_request *req, struct http_refusal *why)
{
	why->cause = HTTP_CAUSE_NOT_FOUND;
	if (row == NULL)
		return -1;
	return row->server != NULL ? conn_serve(c, row->server, req, why) :
	    conn_shake_hands(c, req, why);
}

/* Where HTTP alone is spoken, a request to upgrade is answered as if it were
 * none (RFC 9110 section 7.8). */
static const struct site_row *
conn_find_row(const struct ws_conn *c, const struct http_request *req)
{
	return c->visit->plain ? site_find(&c->ws->plain, req, false) :
	    site_find(&c->ws->site, req, handshake_is_upgrade(req));
}

static void
conn_judge(struct ws_conn *c, const struct http_request *req)
{
	const struct site_row *row = conn_find_row(c, req);
	struct http_refusal why = { .cause = HTTP_CAUSE_INTERNAL };
	struct slice host;
	int rc = conn_locate(c, req, &host, &why);

	if (rc == 0 && row != NULL && row->page != NULL)
		rc = conn_serve_page(c, row->page, req, host, &why);
	else if (rc == 0 && conn_judge_origin(c, req, host, &why) == 0)
		rc = conn_serve_path(c, row, req, &why);
	else
		rc = -1;
	if (rc == -1 && c->state != CONN_GONE)
		conn_refuse(c, &why, http_request_is_head(req));
}

/* Too many heads are complete in this turn: it waits for another one. */
static void
conn_queue(struct ws_conn *c)
{
	conn_move(c, CONN_READY);
	TAILQ_INSERT_TAIL(&c->ws->ready, c->visit, ready_link);
	stream_defer(&c->stream);
}

size_t
conn_head(struct ws_conn *c, char *p, size_t n)
{
	struct ws *w = c->ws;
	struct http_request req;
	struct http_refusal why = { 0 };

	switch (http_request_read(&c->visit->scan, slice_of(p, n),
	    w->limit_head, &req, &why)) {
	case HTTP_READ_MORE:
		return 0;
	case HTTP_READ_REFUSED:
		conn_refuse(c, &why, http_request_is_head(&req));
		return n;
	default:
		break;
	}
	if (!c->visit->admitted && !c->visit->plain && w->admissions == 0) {
		conn_queue(c);
		return 0;
	}
	if (!c->visit->admitted && !c->visit->plain)
		w->admissions--;
	conn_judge(c, &req);
	if (c->state == CONN_ASKING)
		return 0;
	return c->state == CONN_OPEN || c->state == CONN_KEPT ? req.len : n;
}
