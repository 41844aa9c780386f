/*
 * server.c: the server under load.
 */
#include "bench/server.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/path.h"
#include "client/reach.h"
#include "client/url.h"
#include "bench/tls.h"

#define PER_SOURCE	4000	/* sessions from one loopback address */
#define SOURCES		0x010000 /* in 127/8: sources begin at 127.1.0.0 */
#define SOURCES_RUNS	0x7fff	/* runs with 256 addresses each */

/* A constant key: it proves that no cache has answered, and there is none.  The
 * server may only check that it is 16 bytes in base64. */
static const char request_format[] =
    "GET %s HTTP/1.1\r\n"
    "Host: %s\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: d2FtcC1iZW5jaC1sb2FkIQ==\r\n"
    "%s\r\n";

static const char request_wamp[] = "Sec-WebSocket-Protocol: wamp\r\n";

/* All sessions use one address of the name: the first that answers. */
static enum exit_status
server_resolve(struct server *s, const struct ws_url *url, struct errbuf *e)
{
	struct reach_end end = { .until_ms = -1, .wake_fd = -1 };
	enum exit_status st;
	struct reach r;

	st = reach_name(&r, url->host, url->port, &end, e);
	s->addr = r.addr;
	s->addr_len = r.len;
	return st;
}

/* Prepare TLS with the URL's host, whose name moves to *s. */
static enum exit_status
server_init_tls(struct server *s, struct ws_url *url, bool insecure,
    struct errbuf *e)
{
	if ((s->tls = tls_context_new(insecure, e)) == NULL)
		return EXIT_WORK;
	s->host = url->host;
	url->host = NULL;
	return EXIT_DONE;
}

static enum exit_status
server_init_url(struct server *s, const char *text, bool insecure,
    struct errbuf *e)
{
	const struct protocol *p = protocol_find(text);
	enum exit_status st = EXIT_USAGE;
	struct ws_url url = { 0 };

	if (p == NULL) {
		err_set(e, "%s: unknown protocol", url_show(text).s);
		return EXIT_USAGE;
	}
	s->protocol = p;
	if (url_parse_as(&url, text, p->scheme, p->port, e) == -1)
		return EXIT_USAGE;
	if (p->wire != WIRE_WS && strcmp(url.path, "/") != 0) {
		err_set(e, "%s: a path is not allowed here", url_show(text).s);
	} else if (p->wire == WIRE_WS && buf_addf(&s->request, request_format,
	    url.path, url.authority, protocol_is_wamp(p) ? request_wamp : "") ==
	    -1) {
		err_set(e, "out of memory");
		st = EXIT_WORK;
	} else {
		st = server_resolve(s, &url, e);
		if (st == EXIT_DONE && p->tls)
			st = server_init_tls(s, &url, insecure, e);
	}
	url_clear(&url);
	return st;
}

static enum exit_status
server_init_path(struct server *s, const char *path, struct errbuf *e)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&s->addr;

	if (strlen(path) >= sizeof(un->sun_path)) {
		err_set(e, "%s: too long for the path of a socket", path);
		return EXIT_CONNECT;
	}
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, strlen(path) + 1);
	s->addr_len = sizeof(*un);
	s->protocol = &protocol_wamp_line;
	return EXIT_DONE;
}

enum exit_status
server_init(struct server *s, const struct client_target *target,
    struct errbuf *e)
{
	struct buf path = { 0 };
	enum exit_status st;

	s->greets = true;
	if (target->url != NULL)
		return server_init_url(s, target->url, target->any_chain, e);
	if (target->control != NULL)
		return server_init_path(s, target->control, e);
	if (path_control_find(&path, e) == -1)
		return EXIT_WORK;
	st = server_init_path(s, path.data, e);
	buf_clear(&path);
	return st;
}

void
server_init_port(struct server *s, uint16_t port)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&s->addr;

	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->addr_len = sizeof(*in);
	s->protocol = &protocol_wamp_line;
	s->greets = false;
}

int
server_bind(const struct server *s, int fd, uint32_t index)
{
	const struct sockaddr_in *to = (const struct sockaddr_in *)&s->addr;
	struct sockaddr_in from = { .sin_family = AF_INET };
	uint32_t run = (uint32_t)getpid() % SOURCES_RUNS;
	const int on = 1;

	if (to->sin_family != AF_INET ||
	    ntohl(to->sin_addr.s_addr) >> 24 != IN_LOOPBACKNET)
		return 0;
	from.sin_addr.s_addr = htonl((uint32_t)IN_LOOPBACKNET << 24 |
	    (SOURCES + (run << 8) + 1 + index / PER_SOURCE));
	if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
	    sizeof(on)) == -1)
		return -1;
	return bind(fd, (struct sockaddr *)&from, sizeof(from));
}

void
server_clear(struct server *s)
{
	buf_clear(&s->request);
	tls_context_free(s->tls);
	free(s->host);
}
