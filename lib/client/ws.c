/*
 * ws.c: the transport over a WebSocket, ws:// or wss://.
 *
 * libwebsockets does HTTP, TLS and what comes in.  What goes out are frames
 * of our own, gathered and passed through with LWS_WRITE_HTTP as they are: so
 * a stream of events costs one write for many, and the closing handshake can
 * be told from a connection that just ended, which libwebsockets does not say.
 *
 * Its own poll() knows nothing of a tool's input, so once connected we wait in
 * ours and let it handle what is ready.
 */
#include "client/transport.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "proto/wamp1.h"
#include "client/client.h"
#include "client/lws_load.h"
#include "client/url.h"
#include "client/ws_error.h"
#include "client/ws_frame.h"

#define WS_READ		(128u << 10)	/* bytes a read */
#define WS_WRITE	(1 << 20)	/* bytes a write */
#define WS_MASKS	64		/* getentropy() gives 256 bytes */
#define WS_FDS		8		/* libwebsockets' own are two */
#define WS_LOOK_MS	50		/* while connecting, between looks */
#define WS_REASON_MAX	123		/* RFC 6455 section 5.5 */

#define CLOSE_NORMAL	1000		/* RFC 6455 section 7.4.1 */
#define CLOSE_PROTOCOL	1002
#define CLOSE_NO_STATUS	1005
#define CLOSE_TOO_BIG	1009

struct ws {
	struct lws_api api;
	struct lws_context *context;	/* owned */
	struct lws *wsi;		/* the context's; NULL when closed */
	struct lws_protocols protocols[2];
	struct ws_url url;
	struct transport_up up;
	lws_sorted_usec_list_t alarm;	/* ends a wait inside lws_service() */
	struct buf in;			/* the fragments of a message */
	struct buf out;			/* frames not handed over yet */
	unsigned char masks[WS_MASKS][WS_MASK_SIZE];
	size_t masks_left;
	uint64_t received;		/* callbacks with data */
	bool established;
	bool may_pass;			/* what kept us from connecting */
	bool closing;			/* our CLOSE is queued */
	bool closed;			/* nothing will come any more */
	unsigned close_code;		/* of the peer's CLOSE; 0: none came */
	char close_reason[WS_REASON_MAX + 1];
	struct errbuf why;		/* not "": what went wrong */
};

/* ---- what libwebsockets tells ---- */

static int
ws_on_error(struct ws *t, struct lws *wsi, const char *text, size_t len)
{
	struct slice said = text != NULL ? slice_of(text, len) : SLICE("");

	t->may_pass = ws_error_explain(&t->why, said,
	    t->api.http_client_http_response(wsi));
	t->closed = true;
	t->wsi = NULL;
	return 0;
}

static int
ws_on_receive(struct ws *t, struct lws *wsi, const char *p, size_t len)
{
	bool whole = t->api.remaining_packet_payload(wsi) == 0 &&
	    t->api.is_final_fragment(wsi);

	t->received++;
	if (t->api.frame_is_binary(wsi)) {
		err_set(&t->why, "the server speaks no WAMP v1: "
		    "a binary message");
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
	/* It answers ours: both sides are done.  Otherwise let libwebsockets
	 * answer. */
	return t->closing ? -1 : 0;
}

static int
ws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	struct ws *t = user;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		t->established = true;
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		return ws_on_error(t, wsi, in, len);
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return ws_on_receive(t, wsi, in, len);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		return ws_on_peer_close(t, in, len);
	case LWS_CALLBACK_CLIENT_CLOSED:
		t->closed = true;
		t->wsi = NULL;
		return 0;
	default:
		return 0;
	}
}

/* ---- connecting ---- */

static void
ws_free(void *conn)
{
	struct ws *t = conn;

	if (t->context != NULL)
		t->api.context_destroy(t->context);
	url_clear(&t->url);
	buf_clear(&t->in);
	buf_clear(&t->out);
	free(t);
}

/* libwebsockets' own limits must not come before ours. */
static unsigned
ws_whole_seconds(int64_t until_ms)
{
	int64_t left = until_ms - clock_ms();

	if (until_ms < 0 || left > 86400000)
		return 86400;
	return (unsigned)(left / 1000) + 2;
}

static int
ws_create_context(struct ws *t, int64_t until_ms, bool trace,
    struct errbuf *e)
{
	/* Zeroed: no timer that pings a silent connection. */
	static const lws_retry_bo_t no_validity;
	struct lws_context_creation_info info = { 0 };

	t->api.set_log_level(0, NULL);
	t->protocols[0] = (struct lws_protocols){
		.name = WAMP1_SUBPROTOCOL,
		.callback = ws_callback,
		.rx_buffer_size = WS_READ,
		.tx_packet_size = WS_WRITE,
	};
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = t->protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	info.pt_serv_buf_size = WS_READ;
	info.fd_limit_per_thread = WS_FDS;
	info.retry_and_idle_policy = &no_validity;
	info.timeout_secs = ws_whole_seconds(until_ms);
	info.connect_timeout_secs = info.timeout_secs;
	/* Else it obeys $http_proxy, even for the loopback address. */
	info.http_proxy_address = "";
	if (t->url.tls)
		info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	if ((t->context = t->api.create_context(&info)) == NULL) {
		err_set(e, "libwebsockets does not start");
		return -1;
	}
	if (trace)
		t->api.set_log_level(LLL_ERR | LLL_WARN, NULL);
	return 0;
}

static int
ws_tls_flags(const struct ws *t, bool insecure)
{
	if (!t->url.tls)
		return 0;
	if (!insecure)
		return LCCSCF_USE_SSL;
	return LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED |
	    LCCSCF_ALLOW_INSECURE | LCCSCF_ALLOW_EXPIRED |
	    LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
}

static void
ws_on_alarm(lws_sorted_usec_list_t *alarm)
{
	(void)alarm;
}

/* One wait of libwebsockets' own, until something happens or the time is up;
 * only it knows what a handshake waits for. */
static void
ws_service_blocking(struct ws *t, int64_t until_ms)
{
	int64_t left = until_ms - clock_ms();

	if (until_ms >= 0)
		t->api.sul_schedule(t->context, 0, &t->alarm, ws_on_alarm,
		    left > 0 ? left * LWS_US_PER_MS : 1);
	(void)t->api.service(t->context, 0);
	t->api.sul_schedule(t->context, 0, &t->alarm, ws_on_alarm,
	    LWS_SET_TIMER_USEC_CANCEL);
}

/* Whether wake_fd ends the waiting: libwebsockets' poll() does not see it. */
static bool
ws_woken(struct client_attempt *attempt)
{
	(void)transport_poll(-1, 0, 0, attempt->wake_fd, &attempt->woken);
	return attempt->woken;
}

/* The next moment to look at a descriptor that libwebsockets does not see. */
static int64_t
ws_look_again(int64_t until_ms, const struct client_attempt *attempt)
{
	int64_t look = clock_ms() + WS_LOOK_MS;

	return attempt->wake_fd == -1 || (until_ms >= 0 && until_ms < look) ?
	    until_ms : look;
}

static enum exit_status
ws_connect(struct ws *t, bool insecure, int64_t until_ms,
    struct client_attempt *attempt, struct errbuf *e)
{
	struct lws_client_connect_info info = {
		.context = t->context,
		.address = t->url.host,
		.port = t->url.port,
		.ssl_connection = ws_tls_flags(t, insecure) |
		    LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
		.path = t->url.path,
		.host = t->url.authority,
		.protocol = WAMP1_SUBPROTOCOL,
		.local_protocol_name = WAMP1_SUBPROTOCOL,
		.alpn = "http/1.1",
		.userdata = t,
		.pwsi = &t->wsi,
	};

	if (t->api.client_connect_via_info(&info) == NULL)
		t->closed = true;
	while (!t->established && !t->closed) {
		ws_service_blocking(t, ws_look_again(until_ms, attempt));
		if (t->established || ws_woken(attempt))
			break;
		if (transport_expired(until_ms)) {
			err_set(e, "timed out: no WebSocket handshake");
			attempt->may_pass = true;
			return EXIT_TIMEOUT;
		}
	}
	if (t->established)
		return EXIT_DONE;
	*e = t->why;
	attempt->may_pass = t->may_pass;
	if (e->msg[0] == '\0')
		attempt->may_pass = ws_error_explain_name(e, t->url.host);
	return EXIT_CONNECT;
}

static enum exit_status
ws_open(void **conn, const struct client_target *target,
    const struct transport_up *up, int64_t until_ms,
    struct client_attempt *attempt, struct errbuf *e)
{
	enum exit_status status = EXIT_CONNECT;
	struct ws *t;

	*conn = NULL;
	if ((t = calloc(1, sizeof(*t))) == NULL) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	t->up = *up;
	if (url_parse(&t->url, target->url, e) == -1) {
		status = EXIT_USAGE;
		goto out;
	}
	if (lws_load(&t->api, e) == -1 ||
	    ws_create_context(t, until_ms, target->trace, e) == -1)
		goto out;
	status = ws_connect(t, target->insecure, until_ms, attempt, e);
	if (status != EXIT_DONE)
		err_wrap(e, "%s", target->url);
out:
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

/* Hand over all that is queued; libwebsockets keeps what the kernel does not
 * take, and must be rid of it first.  Returns whether anything left. */
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

/* Why nothing more will come.  The codes from 1002 to 1009 blame us: coming
 * again would not help. */
static enum exit_status
ws_lost(const struct ws *t, struct errbuf *e)
{
	if (t->why.msg[0] != '\0')
		err_set(e, "%s", t->why.msg);
	else if (t->close_code == 0)
		err_set(e, "connection lost: the server ended it without a "
		    "closing handshake");
	else
		err_set(e, "the server closed the connection: %u%s%s",
		    t->close_code, t->close_reason[0] != '\0' ? " " : "",
		    t->close_reason);
	return t->close_code >= CLOSE_PROTOCOL &&
	    t->close_code <= CLOSE_TOO_BIG &&
	    t->close_code != CLOSE_NO_STATUS ? EXIT_REFUSED : EXIT_LOST;
}

/* Twice: a PONG that the first pass finds due leaves in the second.  Returns
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
	/* What came in the same turn as the end is worth a look first. */
	if ((t->closed || t->close_code != 0) && !busy)
		return ws_lost(t, e);
	if (busy && fd == -1)
		return EXIT_DONE;
	/* It may hold input that it has read already. */
	if (busy || t->wsi == NULL ||
	    t->api.service_adjust_timeout(t->context, 1, 0) == 0)
		until_ms = 0;
	(void)transport_poll(t->wsi != NULL ?
	    t->api.get_socket_fd(t->wsi) : -1,
	    ws_blocked(t) ? POLLIN | POLLOUT : POLLIN, until_ms, fd,
	    fd_ready);
	return EXIT_DONE;
}

/* The closing handshake: the peer's CLOSE says that it has read all that was
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

	t->closing = true;
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
	.turn = ws_turn,
	.goodbye = ws_goodbye,
	.free = ws_free,
};
