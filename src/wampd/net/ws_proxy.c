/*
 * ws_proxy.c: the header of the PROXY protocol, at the start of a connection.
 */
#include <unistd.h>

#include "base/log.h"
#include "wampd/auth/addresses.h"
#include "wampd/core/broker.h"
#include "wampd/net/proxy_header.h"
#include "wampd/net/ws_conn.h"

/* Count a connection that ends without an answer, and log it unless too many
 * were logged.  The address is that of the socket. */
static void
refused(struct ws *w, const struct address *peer, uint64_t *counter,
    const char *why)
{
	struct buf text = { 0 };

	++*counter;
	if (log_on(LOG_LEVEL_INFO) && door_may_log(&w->door, w->broker->now) &&
	    address_describe(peer, &text) == 0)
		log_info("transport=ws address=%s refused: %s",
		    log_quote(buf_slice(&text)).s, why);
	buf_clear(&text);
}

bool
ws_proxy_receives(struct ws *w, int fd, const struct address *peer)
{
	if (w->addresses == NULL || addresses_believe(w->addresses, peer))
		return true;
	refused(w, peer, &w->broker->stats.proxy_headers_untrusted,
	    "it is none of trusted_proxies");
	(void)close(fd);
	return false;
}

/* Nobody knows what the peer speaks, so it gets no answer. */
static void
conn_refuse_header(struct ws_conn *c, const struct proxy_header *h)
{
	struct broker_stats *stats = &c->ws->broker->stats;
	struct buf why = { 0 };

	if (h->fault == NULL)
		refused(c->ws, &c->visit->peer, &stats->proxy_headers_missing,
		    "it sent no PROXY header");
	else if (buf_addf(&why, "the PROXY header is malformed: %s",
	    h->fault) == 0 && buf_cstr(&why) != NULL)
		refused(c->ws, &c->visit->peer, &stats->proxy_headers_bad,
		    why.data);
	buf_clear(&why);
	conn_close(c);
}

/* The client's address is on a list.  Before TLS, there is no answer. */
static void
conn_refuse_address(struct ws_conn *c)
{
	const struct http_refusal why = { .cause = HTTP_CAUSE_ADDRESS };

	if (c->visit->tls == NULL) {
		conn_refuse(c, &why, false);
		return;
	}
	ws_refused(c->ws, &c->visit->peer, &why, false);
	conn_close(c);
}

size_t
conn_proxy_header(struct ws_conn *c, const char *p, size_t n)
{
	struct proxy_header h;

	switch (proxy_header_read(slice_of(p, n), &h)) {
	case PROXY_HEADER_MORE:
		return 0;
	case PROXY_HEADER_DONE:
		break;
	default:
		conn_refuse_header(c, &h);
		return n;
	}
	if (h.from.u.sa.sa_family != AF_UNSPEC && !conn_is_at(c, &h.from))
		return n;
	/* The client may be another one of our proxies. */
	c->visit->trusted = c->real != NULL &&
	    h.from.u.sa.sa_family != AF_UNIX && ws_trusts(c->ws, &h.from);
	if (!conn_is_admitted(c)) {
		conn_refuse_address(c);
		return n;
	}
	if (c->visit->tls == NULL) {
		conn_move(c, CONN_HEAD);
		return h.len;
	}
	conn_move(c, CONN_SECURING);
	if (stream_secure(&c->stream, c->visit->tls,
	    slice_of(p + h.len, n - h.len)) == -1)
		conn_close(c);
	return n;
}
