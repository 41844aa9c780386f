/*
 * ws.c: the WebSocket transport, libwebsockets on the caller's libuv loop.
 *
 * libwebsockets does HTTP, the handshake, TLS, control frames and partial
 * writes.  The core makes outgoing frames complete.  They are written with
 * LWS_WRITE_HTTP, which sends the bytes unchanged, so one write can hold many
 * frames.  A write always ends at the end of a frame, because libwebsockets may
 * send a PONG of its own after it.
 */
#include "wampd/net/ws.h"

#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "proto/close_code.h"
#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/receive.h"
#include "wampd/net/address.h"
#include "wampd/net/progress.h"
#include "wampd/net/ws_context.h"
#include "wampd/net/ws_goodbye.h"
#include "wampd/net/ws_handshake.h"
#include "wampd/net/ws_hangup.h"
#include "wampd/wamp1/wamp1.h"

/* libwebsockets scans all its handshakes each time it starts one.  We therefore
 * keep at most this many inside it, and queue the rest. */
#define WS_HANDSHAKES	512
#define WS_ADMIT	64	/* handshakes that begin per turn */

struct ws {
	struct ws_context clear;	/* for connections in clear text */
	struct ws_context tls;		/* not open without TLS */
	struct broker	 *broker;	/* borrowed */
	uv_loop_t	 *loop;		/* borrowed */
	struct ws_hangups	 *hangups;	/* owned */
	struct buf	  waiting;	/* of struct waiting, oldest first */
	unsigned	  handshakes;	/* begun and not complete */
};

/* A socket whose handshake has not begun. */
struct waiting {
	int	fd;		/* owned */
	bool	tls;
};

/* libwebsockets allocates one for each connection, zeroed. */
struct ws_conn {
	struct session *session;	/* NULL before and after */
	struct lws     *wsi;
	struct ws_hangup	hangup;
	int		fd;		/* wsi's */
	bool		tls;
	struct buf	partial;	/* the part of a message so far */
	int64_t		turn;		/* ms; of turn_bytes */
	uint32_t	turn_bytes;	/* bytes read in that turn */
	uint64_t	sent;		/* bytes */
	bool		skip;		/* drop the rest of this message, which
					 * is too large */
};

/* ---- what the core asks for ---- */

/* Write clear text without libwebsockets, unless that still holds unsent bytes.
 * Its state of a connection is a dozen cache lines, which are cold for each
 * receiver of a fan-out to thousands.  How many bytes were written; lws_write()
 * must write the rest. */
static size_t
ws_send(const struct ws_conn *c, const char *p, size_t n)
{
	ssize_t sent;

	if (c->tls || lws_partial_buffered(c->wsi))
		return 0;
	sent = send(c->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sent > 0 ? (size_t)sent : 0;
}

static ssize_t
ws_write(void *arg, const char *p, size_t n)
{
	struct ws_conn *c = arg;
	size_t sent = ws_send(c, p, n);

	c->sent += n;
	if (sent == n)
		return (ssize_t)n;
	p += sent;
	/* lws_write() wants a writable buffer, for the headers of frames that
	 * it builds itself; it does not change raw bytes. */
	if (lws_write(c->wsi, (unsigned char *)(uintptr_t)p, n - sent,
	    LWS_WRITE_HTTP) < 0)
		return -1;
	if (lws_partial_buffered(c->wsi)) {
		session_block(c->session);
		(void)lws_callback_on_writable(c->wsi);
	}
	return (ssize_t)n;
}

/* The transport of a connection that libwebsockets has not freed. */
static struct ws *
conn_ws(const struct ws_conn *c)
{
	return lws_context_user(lws_get_context(c->wsi));
}

static void
ws_close_conn(void *arg, uint16_t code, const char *reason)
{
	struct ws_conn *c = arg;
	struct lws *wsi = c->wsi;

	c->session = NULL;
	ws_hangup_forget(conn_ws(c)->hangups, &c->hangup);
	buf_clear(&c->partial);
	if (code != 0)
		ws_goodbye_say(wsi, code, reason);
	else
		(void)shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
	(void)lws_rx_flow_control(wsi, 1);	/* to read its answer */
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE,
	    LWS_TO_KILL_SYNC);
}

/* Read from the connection, unless it is held or its session is paused. */
static void
conn_set_reading(const struct ws_conn *c, bool paused)
{
	(void)lws_rx_flow_control(c->wsi, paused || c->hangup.held ? 0 : 1);
}

/* A pending session is paused before the connection has it. */
static void
ws_pause(void *arg, bool on)
{
	conn_set_reading(arg, on);
}

static void
on_hangup_held(struct ws_hangup *h, bool on)
{
	const struct ws_conn *c = (struct ws_conn *)((char *)h -
	    offsetof(struct ws_conn, hangup));

	(void)on;
	conn_set_reading(c, c->session != NULL && c->session->paused);
}

static uint64_t
ws_taken(void *arg, bool *more)
{
	const struct ws_conn *c = arg;

	return progress_of_socket(c->fd, c->sent, more);
}

static int
ws_describe(void *arg, struct buf *out)
{
	struct ws_conn *c = arg;
	struct address peer = address_of_peer(lws_get_socket_fd(c->wsi));

	return address_describe(&peer, out);
}

static const struct transport_ops ws_ops = {
	.name = "ws",
	.wire = WIRE_WS,
	.keepalive = true,
	.write = ws_write,
	.close = ws_close_conn,
	.pause = ws_pause,
	.taken = ws_taken,
	.describe = ws_describe,
};

/* ---- what libwebsockets tells ---- */

static const struct principal *
ws_principal(struct lws *wsi)
{
	struct address peer = address_of_peer(lws_get_socket_fd(wsi));

	return address_is_loopback(&peer) ? &principal_anonymous_loopback :
	    &principal_anonymous;
}

/* Oro's PHP client needs the 101 and WELCOME in its first read.  The socket is
 * corked in between, so that they leave in one segment. */
static void
ws_cork(struct lws *wsi, int on)
{
	(void)setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_CORK, &on,
	    sizeof(on));
}

/* A handshake has ended: the connection is established or destroyed.  The
 * opaque data is set only during a handshake, so that each is counted once. */
static void
ws_handshake_over(struct ws *w, struct lws *wsi)
{
	if (lws_get_opaque_user_data(wsi) == NULL)
		return;
	lws_set_opaque_user_data(wsi, NULL);
	w->handshakes--;
}

static int
ws_established(struct ws *w, struct ws_conn *c, struct lws *wsi)
{
	struct session *s;

	c->wsi = wsi;
	c->fd = lws_get_socket_fd(wsi);
	c->tls = lws_is_ssl(wsi);
	ws_handshake_over(w, wsi);
	if (ws_hangup_watch(w->hangups, &c->hangup, c->fd, !c->tls) == -1)
		log_debug("transport=ws cannot watch for a hang-up");
	s = lobby_open(w->broker, &ws_ops, &protocol_wamp1, c,
	    ws_principal(wsi));
	if ((c->session = s) != NULL)
		session_flush(s);
	else if (settings_drop(&w->broker->set))
		(void)shutdown(c->fd, SHUT_RDWR);
	else
		ws_goodbye_say(wsi, CLOSE_TRY_AGAIN, "no room for a session");
	ws_cork(wsi, 0);
	return s != NULL ? 0 : -1;
}

/* Count the bytes read in this turn.  A full buffer means that more is
 * waiting. */
static void
ws_count_input(struct ws *w, struct ws_conn *c, size_t len)
{
	int64_t now = (int64_t)uv_now(w->loop);

	broker_set_now(w->broker, now);
	c->hangup.heard = now;
	if (c->turn != now) {
		c->turn = now;
		c->turn_bytes = 0;
	}
	c->turn_bytes += (uint32_t)len;
	if (c->turn_bytes >= WS_RX_CLEAR / 2) {
		w->broker->flush.more_input = true;
		c->turn_bytes = 0;
	}
}

/* A piece of a message has come.  The common case, a message in one piece, is
 * handled without a copy. */
static void
ws_receive(struct ws_conn *c, struct lws *wsi, const char *p, size_t len)
{
	struct session *s = c->session;
	bool last = lws_is_final_fragment(wsi) &&
	    lws_remaining_packet_payload(wsi) == 0;
	bool binary = lws_frame_is_binary(wsi);
	uint64_t limit = s->broker->set.limit_message;

	if (c->skip) {
		c->skip = !last;
		return;
	}
	if (last && c->partial.len == 0) {
		(void)receive_message(s, slice_of(p, len), binary);
		return;
	}
	/* The frame header already tells us that the message is too large, so
	 * we skip it instead of buffering it. */
	if (c->partial.len + len + lws_remaining_packet_payload(wsi) > limit) {
		buf_clear(&c->partial);
		c->skip = !last;
		receive_oversized(s);
		return;
	}
	if (buf_add(&c->partial, p, len) == -1) {
		session_doom(s, 0, "out of memory");
		return;
	}
	if (last) {
		(void)receive_message(s, buf_slice(&c->partial), binary);
		buf_clear(&c->partial);
	}
}

static void
ws_closed(struct ws *w, struct ws_conn *c)
{
	struct session *s = c->session;

	ws_hangup_forget(w->hangups, &c->hangup);
	buf_clear(&c->partial);
	c->session = NULL;
	if (s != NULL)
		session_gone(s, "the peer left");
}

static int
ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	struct ws *w = lws_context_user(lws_get_context(wsi));
	struct ws_conn *c = user;

	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
		ws_tls_setup(user);
		return 0;
	case LWS_CALLBACK_HTTP:
		return ws_handshake_refuse_http(wsi);
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return ws_handshake_check(wsi);
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		ws_cork(wsi, 1);
		return 0;
	case LWS_CALLBACK_ESTABLISHED:
		broker_set_now(w->broker, (int64_t)uv_now(w->loop));
		return ws_established(w, c, wsi);
	case LWS_CALLBACK_RECEIVE:
		ws_count_input(w, c, len);
		if (c->session != NULL) {
			/* A pong cannot come in the middle of a large frame,
			 * so its pieces count as well. */
			session_heard(c->session);
			ws_receive(c, wsi, in, len);
		}
		return 0;
	case LWS_CALLBACK_RECEIVE_PONG:
		if (c->session != NULL)
			session_heard(c->session);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (c->session != NULL && !lws_partial_buffered(wsi))
			session_writable(c->session);
		return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		return ws_goodbye_hear(wsi, in, len);
	case LWS_CALLBACK_CLOSED:
		ws_closed(w, c);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		ws_handshake_over(w, wsi);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

/* ---- life ---- */

struct ws *
ws_new(uv_loop_t *loop, struct broker *b, const struct ws_settings *set,
    struct errbuf *e)
{
	struct ws *w;
	struct ws_user user = {
		.loop = loop,
		.callback = ws_callback,
		.conn_size = sizeof(struct ws_conn),
		.handshakes = WS_HANDSHAKES,
		.handshake_ms = set->handshake,
	};

	if ((w = calloc(1, sizeof(*w))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	w->broker = b;
	w->loop = loop;
	user.arg = w;
	if ((set->tls.cert != NULL &&
	    ws_context_open(&w->tls, &user, &set->tls, e) == -1) ||
	    ws_context_open(&w->clear, &user, NULL, e) == -1 ||
	    (w->hangups = ws_hangups_new(loop, on_hangup_held, e)) == NULL) {
		lws_context_destroy(w->clear.lws);
		lws_context_destroy(w->tls.lws);
		free(w);
		return NULL;
	}
	return w;
}

void
ws_adopt(struct ws *w, int fd, bool tls)
{
	const struct waiting one = { fd, tls };
	int on = 1;

	/* This fails for a Unix socket, which does no harm. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (buf_add(&w->waiting, &one, sizeof(one)) == 0)
		return;
	log_err("transport=ws refused: out of memory");
	(void)close(fd);
}

static void
ws_begin_handshake(struct ws *w, const struct waiting *one)
{
	struct lws *wsi = lws_adopt_socket_vhost(one->tls ? w->tls.vhost :
	    w->clear.vhost, one->fd);

	if (wsi != NULL) {
		lws_set_opaque_user_data(wsi, w);
		w->handshakes++;
	} else if (!one->tls) {
		/* With TLS the reason may be what the peer has sent; that was
		 * logged then. */
		log_warn("transport=ws refused: libwebsockets accepts no more "
		    "connections");
	}
}

/* Begin some handshakes.  Whether others can begin in the next turn. */
static bool
ws_admit(struct ws *w)
{
	struct waiting one;
	size_t at, most = WS_ADMIT * sizeof(one);

	for (at = 0; at < w->waiting.len && at < most &&
	    w->handshakes < WS_HANDSHAKES; at += sizeof(one)) {
		memcpy(&one, w->waiting.data + at, sizeof(one));
		ws_begin_handshake(w, &one);
	}
	buf_consume(&w->waiting, at);
	return w->waiting.len > 0 && w->handshakes < WS_HANDSHAKES;
}

bool
ws_turn(struct ws *w, bool admit)
{
	bool behind = ws_hangups_turn(w->hangups);

	return (admit && ws_admit(w)) || behind;
}

static void
ws_drop_waiting(struct ws *w)
{
	struct waiting one;
	size_t at;

	for (at = 0; at < w->waiting.len; at += sizeof(one)) {
		memcpy(&one, w->waiting.data + at, sizeof(one));
		(void)close(one.fd);
	}
	buf_clear(&w->waiting);
}

void
ws_close(struct ws *w)
{
	if (w == NULL)
		return;
	ws_drop_waiting(w);
	ws_hangups_close(w->hangups);
	lws_context_destroy(w->clear.lws);
	lws_context_destroy(w->tls.lws);
}

void
ws_free(struct ws *w)
{
	if (w == NULL)
		return;
	/* On a foreign loop, the first call has only begun to destroy them. */
	lws_context_destroy(w->clear.lws);
	lws_context_destroy(w->tls.lws);
	ws_hangups_free(w->hangups);
	free(w);
}
