/*
 * ws.c: the transport over a WebSocket, ws:// or wss://.
 *
 * libwebsockets does HTTP, TLS and incoming frames.  Outgoing frames are built
 * here, collected, and written with LWS_WRITE_HTTP, which leaves them
 * unchanged.  So many events need only one write, and we can tell the closing
 * handshake from a connection that just ended, which libwebsockets does not
 * report.
 *
 * The poll() of libwebsockets does not see the input of a tool.  So after
 * connecting we use our own poll(), and let libwebsockets handle what is ready.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/client.h"
#include "client/say.h"
#include "client/ws_close.h"
#include "client/ws_conn.h"
#include "client/ws_frame.h"
#include "client/ws_tls.h"
#include "proto/close_code.h"

/* ---- what libwebsockets tells ---- */

static int
ws_on_receive(struct ws *t, struct lws *wsi, const char *p, size_t len)
{
	bool whole = t->api.remaining_packet_payload(wsi) == 0 &&
	    t->api.is_final_fragment(wsi);

	t->received++;
	t->heard++;
	if (t->api.frame_is_binary(wsi)) {
		err_set(&t->why, "the server does not speak WAMP v1: a binary "
		    "message");
		return -1;
	}
	if (whole && t->in.len == 0) {
		t->up.message(t->up.arg, slice_of(p, len));
		return 0;
	}
	if (t->in.len + len > TRANSPORT_MESSAGE_MAX ||
	    buf_add(&t->in, p, len) == -1) {
		err_set(&t->why, "the server sent too large a message");
		return -1;
	}
	if (whole) {
		t->up.message(t->up.arg, buf_slice(&t->in));
		buf_reset(&t->in);
	}
	return 0;
}

static void
ws_trace_close(const char *head, unsigned code, const char *reason)
{
	char line[sizeof("CLOSE 65535 ") + WS_REASON_MAX];

	(void)snprintf(line, sizeof(line), "CLOSE %u%s%s", code,
	    reason[0] != '\0' ? " " : "", reason);
	say_line(head, slice_str(line));
}

/* A CLOSE frame: two bytes of code, then the reason, or nothing. */
static int
ws_on_peer_close(struct ws *t, const unsigned char *p, size_t len)
{
	t->close_code = CLOSE_NO_STATUS;
	if (len >= 2) {
		t->close_code = (unsigned)p[0] << 8 | p[1];
		len -= 2;
		if (len > WS_REASON_MAX)
			len = WS_REASON_MAX;
		memcpy(t->close_reason, p + 2, len);
		t->close_reason[len] = '\0';
	}
	if (t->trace)
		ws_trace_close("< ", t->close_code, t->close_reason);
	/* It answers our CLOSE: both sides are done.  Otherwise libwebsockets
	 * answers it. */
	return t->closing ? -1 : 0;
}

/* During verification by OpenSSL, user is its own; ours is found in wsi. */
static int
ws_on_certificate(struct lws *wsi, void *store_context, bool accepted)
{
	struct lws_api api;
	struct errbuf e;
	struct ws *t;

	if (!accepted && lws_load(&api, &e) == 0 &&
	    (t = api.wsi_user(wsi)) != NULL)
		ws_tls_explain(&t->certificate, store_context);
	return 0;		/* OpenSSL decides */
}

static int
ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	struct ws *t = user;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return ws_on_receive(t, wsi, in, len);
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		t->heard++;
		if (t->trace)
			say_line("< ", SLICE("PONG"));
		return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		return ws_on_peer_close(t, in, len);
	case LWS_CALLBACK_CLIENT_CLOSED:
		t->closed = true;
		t->wsi = NULL;
		return 0;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		return ws_on_certificate(wsi, user, len != 0);
	default:
		return ws_conn_event(t, wsi, reason, in, len);
	}
}

/* ---- opening ---- */

static void
ws_free(void *conn)
{
	ws_conn_free(conn);
}

static enum exit_status
ws_open(void **conn, const struct client_target *target,
    const struct transport_up *up, int64_t until_ms,
    struct client_attempt *attempt, struct errbuf *e)
{
	enum exit_status status;
	struct ws *t;

	*conn = NULL;
	if ((t = calloc(1, sizeof(*t))) == NULL) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	t->up = *up;
	t->protocols[0].callback = ws_callback;
	status = ws_conn_open(t, target, until_ms, attempt, e);
	if (status == EXIT_DONE)
		*conn = t;
	else
		ws_free(t);
	return status;
}

/* ---- sending ---- */

static int
ws_add_frame(struct ws *t, enum ws_opcode opcode, const struct slice *parts,
    size_t n)
{
	if (t->masks_left == 0) {
		if (getentropy(t->masks, sizeof(t->masks)) == -1)
			return -1;
		t->masks_left = WS_MASKS;
	}
	return ws_frame_add(&t->out, opcode, parts, n,
	    t->masks[--t->masks_left]);
}

static int
ws_queue(void *conn, const struct slice *parts, size_t n)
{
	return ws_add_frame(conn, WS_OPCODE_TEXT, parts, n);
}

static int
ws_ping(void *conn)
{
	struct ws *t = conn;

	if (t->trace)
		say_line("> ", SLICE("PING"));
	return ws_add_frame(t, WS_OPCODE_PING, NULL, 0);
}

static uint64_t
ws_heard(const void *conn)
{
	const struct ws *t = conn;

	return t->heard;
}

static int
ws_fd(const void *conn)
{
	const struct ws *t = conn;

	return t->wsi != NULL ? t->api.get_socket_fd(t->wsi) : -1;
}

static bool
ws_blocked(const struct ws *t)
{
	return t->wsi != NULL && t->api.partial_buffered(t->wsi);
}

static size_t
ws_pending(const void *conn)
{
	const struct ws *t = conn;

	return t->out.len + (ws_blocked(t) ? 1 : 0);
}

/* Pass all queued bytes to libwebsockets, which keeps those that the kernel
 * does not take, and must write them first.  Returns whether anything was
 * sent. */
static bool
ws_write(struct ws *t)
{
	if (t->out.len == 0 || t->wsi == NULL || ws_blocked(t))
		return false;
	if (t->api.write(t->wsi, (unsigned char *)t->out.data, t->out.len,
	    LWS_WRITE_HTTP) < 0) {
		err_set(&t->why, "connection lost: cannot write");
		t->closed = true;
		return false;
	}
	buf_reset(&t->out);
	return true;
}

/* ---- waiting ---- */

/* Why no more data will come. */
static enum exit_status
ws_lost(const struct ws *t, struct errbuf *e)
{
	if (t->why.msg[0] != '\0')
		*e = t->why;
	else if (t->close_code != 0)
		return ws_close_explain(e, t->close_code, t->close_reason);
	else
		err_set(e, "connection lost: the server ended it without a "
		    "closing handshake");
	return EXIT_LOST;
}

/* Twice: a PONG that the first pass queues is sent by the second.  Returns
 * whether anything came. */
static bool
ws_service(struct ws *t)
{
	uint64_t before = t->received;

	(void)t->api.service(t->context, -1);
	if (!t->closed)
		(void)t->api.service(t->context, -1);
	return t->received != before;
}

static enum exit_status
ws_turn(void *conn, int64_t until_ms, int fd, bool *fd_ready,
    struct errbuf *e)
{
	struct ws *t = conn;
	bool busy;

	busy = ws_service(t);
	busy = ws_write(t) || busy;
	/* First handle what came together with the end. */
	if ((t->closed || t->close_code != 0) && !busy)
		return ws_lost(t, e);
	if (busy && fd == -1)
		return EXIT_DONE;
	/* libwebsockets may have input that it has already read. */
	if (busy || t->wsi == NULL ||
	    t->api.service_adjust_timeout(t->context, 1, 0) == 0)
		until_ms = 0;
	/* The input need not be a message: it may be a ping, or a part of a
	 * message. */
	if ((transport_poll(ws_fd(t), ws_blocked(t) ? POLLIN | POLLOUT :
	    POLLIN, until_ms, fd, fd_ready) & POLLIN) != 0)
		t->heard++;
	return EXIT_DONE;
}

/* The closing handshake: the peer's CLOSE shows that it has read everything
 * before ours. */
static enum exit_status
ws_goodbye(void *conn, int64_t until_ms, struct errbuf *e)
{
	static const char normal[] = { CLOSE_NORMAL >> 8,
	    (char)(CLOSE_NORMAL & 0xff) };
	struct slice code = slice_of(normal, sizeof(normal));
	struct ws *t = conn;
	enum exit_status status = EXIT_DONE;
	bool ignored;

	/* It closed by itself, and may not have read everything. */
	if (t->close_code != 0)
		return ws_lost(t, e);
	t->closing = true;
	if (t->trace)
		ws_trace_close("> ", CLOSE_NORMAL, "");
	if (ws_add_frame(t, WS_OPCODE_CLOSE, &code, 1) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	while (status == EXIT_DONE && t->close_code == 0) {
		status = ws_turn(t, until_ms, -1, &ignored, e);
		if (status == EXIT_DONE && t->close_code == 0 &&
		    transport_expired(until_ms)) {
			err_set(e, "timed out: no answer to the closing "
			    "handshake");
			return EXIT_TIMEOUT;
		}
	}
	return t->close_code == CLOSE_NORMAL ||
	    t->close_code == CLOSE_NO_STATUS ? EXIT_DONE : ws_lost(t, e);
}

const struct transport_ops transport_ws = {
	.open = ws_open,
	.queue = ws_queue,
	.pending = ws_pending,
	.ping = ws_ping,
	.heard = ws_heard,
	.fd = ws_fd,
	.turn = ws_turn,
	.goodbye = ws_goodbye,
	.free = ws_free,
};
