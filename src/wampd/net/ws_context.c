/*
 * ws_context.c: the libwebsockets context of the WebSocket transport.
 *
 * Clear text and TLS have a context each.  In a shared one, libwebsockets would
 * choose between their servers ("vhosts") by the host name of the request.
 */
#include "wampd/net/ws_context.h"

#include <limits.h>
#include <string.h>

#include "base/log.h"
#include "proto/wamp1.h"
#include "wampd/net/ws_tls.h"

#define WS_TX_PACKET	(16u << 20)	/* smaller writes are not split */

/* Log the messages of libwebsockets. */
static void
ws_log(int level, const char *line)
{
	int len = (int)strcspn(line, "\n");

	if (level & LLL_ERR)
		log_warn("libwebsockets: %.*s", len, line);
	else
		log_debug("libwebsockets: %.*s", len, line);
}

/* Make the only server, which has no listening socket. */
static int
context_serve(struct ws_context *c, struct lws_context_creation_info *info,
    const struct ws_user *user, size_t rx)
{
	c->protocols[0] = (struct lws_protocols){
		.name = WAMP1_SUBPROTOCOL,
		.callback = user->callback,
		.per_session_data_size = user->conn_size,
		.rx_buffer_size = rx,
		.tx_packet_size = WS_TX_PACKET,
	};
	info->protocols = c->protocols;
	c->vhost = lws_create_vhost(c->lws, info);
	return c->vhost == NULL ? -1 : 0;
}

static void
context_add_tls(struct lws_context_creation_info *info,
    const struct ws_tls *tls)
{
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info->ssl_cert_filepath = tls->cert;
	info->ssl_private_key_filepath = tls->key;
	info->alpn = "http/1.1";	/* HTTP/2 allows no raw writes */
	info->pt_serv_buf_size = LWS_PRE + WS_RX_TLS;
}

int
ws_context_open(struct ws_context *c, const struct ws_user *user,
    const struct ws_tls *tls, struct errbuf *e)
{
	/* All zero: no validity timer.  Its sorted list of all connections
	 * would make each connect cost O(connections), and the core sends
	 * the pings. */
	static const lws_retry_bo_t no_validity_timer;
	int64_t handshake = (user->handshake_ms + 999) / 1000;
	struct lws_context_creation_info info;
	void *loops[] = { user->loop };

	if (tls != NULL && ws_tls_check(tls, e) == -1)
		return -1;
	lws_set_log_level(LLL_ERR | LLL_WARN, ws_log);
	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.foreign_loops = loops;
	info.options = LWS_SERVER_OPTION_LIBUV |
	    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info.user = user->arg;
	info.max_http_header_pool = (unsigned short)user->handshakes;
	info.timeout_secs = handshake > INT_MAX ? INT_MAX : (unsigned)handshake;
	info.timeout_secs_ah_idle = info.timeout_secs;	/* within a request */
	info.retry_and_idle_policy = &no_validity_timer;
	info.vhost_name = "wampd";
	info.server_string = "wampd";
	if (tls != NULL)
		context_add_tls(&info, tls);
	if ((c->lws = lws_create_context(&info)) == NULL) {
		err_set(e, "libwebsockets does not start; is "
		    "libwebsockets-evlib-uv installed?");
		return -1;
	}
	if (context_serve(c, &info, user, tls != NULL ? WS_RX_TLS :
	    WS_RX_CLEAR) == 0)
		return 0;
	err_set(e, "libwebsockets cannot make a server");
	lws_context_destroy(c->lws);
	c->lws = NULL;
	return -1;
}
