/*
 * ws_conn.c: opens a WebSocket connection with libwebsockets, which handles
 * names, TCP, TLS and HTTP.
 */
#include "client/ws_conn.h"

#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/wamp1.h"
#include "client/client.h"
#include "client/reach.h"
#include "client/say.h"
#include "client/ws_error.h"
#include "client/ws_request.h"
#include "client/ws_tls.h"

#define WS_READ		(128u << 10)	/* bytes a read */
#define WS_WRITE	(1 << 20)	/* bytes a write */
#define WS_FDS		8		/* libwebsockets itself needs two */
#define WS_LOOK_MS	50		/* between checks of other
					 * descriptors */
#define WS_HEAD_MAX	16384		/* bytes of all headers of an answer */

void
ws_conn_free(struct ws *t)
{
	if (t->context != NULL)
		t->api.context_destroy(t->context);
	url_clear(&t->url);
	buf_clear(&t->path);
	buf_clear(&t->in);
	buf_clear(&t->out);
	free(t);
}

/* ---- what libwebsockets tells ---- */

/* The value of a header in the answer; "" if there is none.  Each header is
 * shorter than the limit for all headers. */
static const char *
ws_header(const struct ws *t, struct lws *wsi, char *out, size_t size,
    enum lws_token_indexes token)
{
	if (t->api.hdr_copy(wsi, out, (int)size, token) < 0)
		out[0] = '\0';
	return out;
}

/* "403 Forbidden", from an answer in either version of HTTP/1. */
static const char *
ws_status(const struct ws *t, struct lws *wsi, char *out, size_t size)
{
	if (ws_header(t, wsi, out, size, WSI_TOKEN_HTTP)[0] == '\0')
		(void)ws_header(t, wsi, out, size, WSI_TOKEN_HTTP1_0);
	return out;
}

static void
ws_trace_answer(const struct ws *t, struct lws *wsi)
{
	static const struct {
		const char *name;
		enum lws_token_indexes token;
	} rows[] = {
		{ "< HTTP/1.1 ", WSI_TOKEN_HTTP },
		{ "< HTTP/1.0 ", WSI_TOKEN_HTTP1_0 },
		{ "< Location: ", WSI_TOKEN_HTTP_LOCATION },
		{ "< Sec-WebSocket-Protocol: ", WSI_TOKEN_PROTOCOL },
		{ "< Server: ", WSI_TOKEN_HTTP_SERVER },
	};
	char value[WS_HEAD_MAX];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)ws_header(t, wsi, value, sizeof(value), rows[i].token);
		if (value[0] == '\0')
			continue;
		/* The location of a redirection may contain our ticket. */
		say_line(rows[i].name, slice_str(rows[i].token ==
		    WSI_TOKEN_HTTP_LOCATION ? url_show(value).s : value));
	}
}

static int
ws_on_error(struct ws *t, struct lws *wsi, const char *text, size_t len)
{
	char status[WS_HEAD_MAX], location[WS_HEAD_MAX];
	struct ws_failure f = {
		.text = text != NULL ? slice_of(text, len) : SLICE(""),
		.code = t->api.http_client_http_response(wsi),
		.status = ws_status(t, wsi, status, sizeof(status)),
		.location = ws_header(t, wsi, location, sizeof(location),
		    WSI_TOKEN_HTTP_LOCATION),
		.certificate = &t->certificate,
		.url = &t->url,
	};

	if (t->trace)
		ws_trace_answer(t, wsi);
	t->may_pass = ws_error_explain(&t->why, &f);
	t->closed = true;
	t->wsi = NULL;
	return 0;
}

/* Append the headers at *at, where there is room for len bytes. */
static int
ws_on_headers(const struct ws *t, char **at, size_t len)
{
	struct buf text = { 0 };
	int rc = -1;

	if (ws_request_headers(&text, t->target) == 0 && text.len <= len) {
		if (text.len > 0)
			memcpy(*at, text.data, text.len);
		*at += text.len;
		rc = 0;
	}
	buf_clear(&text);
	return rc;
}

int
ws_conn_event(struct ws *t, struct lws *wsi,
    enum lws_callback_reasons reason, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return ws_on_headers(t, in, len);
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		if (t->trace)
			ws_trace_answer(t, wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		t->established = true;
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		return ws_on_error(t, wsi, in, len);
	default:
		return 0;
	}
}

/* ---- the context ---- */

/* The limits of libwebsockets must not apply before ours. */
static unsigned
ws_whole_seconds(int64_t until_ms)
{
	int64_t left = until_ms - clock_ms();

	if (until_ms < 0 || left > 86400000)
		return 86400;
	return (unsigned)(left / 1000) + 2;
}

static void
ws_set_tls(struct lws_context_creation_info *info,
    const struct client_target *target)
{
	info->options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info->client_ssl_ca_filepath = target->cacert;
	if (target->cacert != NULL)
		info->options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	info->client_ssl_cert_filepath = target->cert;
	info->client_ssl_private_key_filepath = target->key;
}

static int
ws_create_context(struct ws *t, int64_t until_ms, struct errbuf *e)
{
	/* Zeroed: libwebsockets must not ping a silent connection. */
	static const lws_retry_bo_t no_validity;
	struct lws_context_creation_info info = { 0 };

	t->api.set_log_level(0, NULL);
	t->protocols[0].name = WAMP1_SUBPROTOCOL;
	t->protocols[0].rx_buffer_size = WS_READ;
	t->protocols[0].tx_packet_size = WS_WRITE;
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = t->protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	info.pt_serv_buf_size = WS_READ;
	info.max_http_header_data = WS_HEAD_MAX;
	info.fd_limit_per_thread = WS_FDS;
	info.retry_and_idle_policy = &no_validity;
	info.timeout_secs = ws_whole_seconds(until_ms);
	info.connect_timeout_secs = info.timeout_secs;
	/* Otherwise it uses $http_proxy, even for the loopback address. */
	info.http_proxy_address = "";
	if (t->url.tls)
		ws_set_tls(&info, t->target);
	if ((t->context = t->api.create_context(&info)) != NULL)
		return 0;
	err_set(e, "libwebsockets does not start%s", t->target->cert != NULL ||
	    t->target->cacert != NULL ?
	    ": are certificates and key in PEM, and a pair?" : "");
	return -1;
}

/* ---- connecting ---- */

static int
ws_tls_flags(const struct ws *t)
{
	int flags = LCCSCF_USE_SSL;

	if (!t->url.tls)
		return 0;
	if (t->target->any_chain)
		flags |= LCCSCF_ALLOW_SELFSIGNED | LCCSCF_ALLOW_INSECURE |
		    LCCSCF_ALLOW_EXPIRED;
	if (t->target->self_signed)
		flags |= LCCSCF_ALLOW_SELFSIGNED;
	if (t->target->any_name)
		flags |= LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
	return flags;
}

static void
ws_on_alarm(lws_sorted_usec_list_t *alarm)
{
	(void)alarm;
}

/* One wait inside libwebsockets, until something happens or the time is up.
 * Only libwebsockets knows what a handshake waits for. */
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

/* Whether wake_fd ends the wait: the poll() of libwebsockets does not see
 * it. */
static bool
ws_woken(struct client_attempt *attempt)
{
	(void)transport_poll(-1, 0, 0, attempt->wake_fd, &attempt->woken);
	return attempt->woken;
}

static int64_t
ws_look_again(int64_t until_ms, const struct client_attempt *attempt)
{
	int64_t look = clock_ms() + WS_LOOK_MS;

	return attempt->wake_fd == -1 || (until_ms >= 0 && until_ms < look) ?
	    until_ms : look;
}

static enum exit_status
ws_await(struct ws *t, int64_t until_ms, struct client_attempt *attempt,
    struct errbuf *e)
{
	while (!t->established && !t->closed) {
		ws_service_blocking(t, ws_look_again(until_ms, attempt));
		if (t->established || t->closed || ws_woken(attempt))
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
		attempt->may_pass = ws_error_explain_name(e, &t->url,
		    SLICE(""));
	return EXIT_CONNECT;
}

static enum exit_status
ws_add_address(struct buf *out, const char *kind, const char *to,
    struct errbuf *e)
{
	if (buf_addf(out, "%s%s", kind, to) == 0 && buf_cstr(out) != NULL)
		return EXIT_DONE;
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* "+PATH" means a Unix socket in libwebsockets.  For a name, it gets the
 * address that answers, so that it need not look the name up again. */
static enum exit_status
ws_find_address(struct buf *out, const struct ws *t, int64_t until_ms,
    struct client_attempt *attempt, struct errbuf *e)
{
	struct reach_end end = { .until_ms = until_ms,
	    .wake_fd = attempt->wake_fd };
	char number[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
	const char *to = t->url.host;
	enum exit_status st;
	struct reach r;

	if (t->url.socket != NULL)
		return ws_add_address(out, "+", t->url.socket, e);
	st = reach_name(&r, t->url.host, t->url.port, &end, e);
	if (st != EXIT_DONE) {
		attempt->woken = end.woken;
		attempt->may_pass = r.error != EACCES && r.error != EPERM;
		return st;
	}
	if (getnameinfo((const struct sockaddr *)&r.addr, r.len,
	    number, sizeof(number), NULL, 0, NI_NUMERICHOST) == 0)
		to = number;
	return ws_add_address(out, "", to, e);
}

static enum exit_status
ws_connect(struct ws *t, int64_t until_ms, struct client_attempt *attempt,
    struct errbuf *e)
{
	struct buf address = { 0 };
	struct lws_client_connect_info info = {
		.context = t->context,
		.port = t->url.port,
		.ssl_connection = ws_tls_flags(t) |
		    LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
		.path = t->path.data,
		.host = t->url.authority,
		.protocol = t->target->no_subprotocol ? NULL :
		    WAMP1_SUBPROTOCOL,
		.local_protocol_name = WAMP1_SUBPROTOCOL,
		.alpn = "http/1.1",
		.userdata = t,
		.pwsi = &t->wsi,
	};
	enum exit_status status;

	status = ws_find_address(&address, t, until_ms, attempt, e);
	if (status == EXIT_DONE) {
		info.address = address.data;
		if (t->api.client_connect_via_info(&info) == NULL)
			t->closed = true;
		status = ws_await(t, until_ms, attempt, e);
	}
	buf_clear(&address);
	return status;
}

enum exit_status
ws_conn_open(struct ws *t, const struct client_target *target,
    int64_t until_ms, struct client_attempt *attempt, struct errbuf *e)
{
	enum exit_status status;

	t->target = target;
	t->trace = target->trace;
	if (url_parse(&t->url, target->url, e) == -1) {
		if (target->url_from != NULL)
			err_wrap(e, "%s", target->url_from);
		return EXIT_USAGE;
	}
	if (ws_request_path(&t->path, t->url.path, target->ticket) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (lws_load(&t->api, e) == -1 ||
	    ws_create_context(t, until_ms, e) == -1)
		return EXIT_CONNECT;
	if (t->trace)
		ws_request_trace(target, t->path.data, t->url.authority);
	status = ws_connect(t, until_ms, attempt, e);
	if (status != EXIT_DONE)
		err_wrap(e, "%s", url_show(target->url).s);
	return status;
}
