/*
 * ws_proxying.c: connections behind a proxy that sends PROXY headers.
 */
#include "ws_proxying.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/opt_list.h"
#include "tap.h"
#include "tls_socket.h"
#include "wampd/auth/addresses.h"
#include "ws_loop.h"

#define HEADER	"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"
#define BLOCKED	"PROXY TCP4 203.0.113.9 198.51.100.1 56324 443\r\n"

struct stage {
	struct addresses addresses;
	struct loop	*loop;
	int		 fd;		/* of the proxy */
};

static void
stage_init_addresses(struct stage *s)
{
	const char *blocked[] = { "203.0.113.0/24" };
	const char *proxies[] = { "127.0.0.1" };
	const struct opt_list bad = { blocked, 1 }, ours = { proxies, 1 };
	const struct opt_list none = { .n = 0 };
	const struct addresses_settings set = { &bad, &none, &ours };
	struct errbuf e;

	if (addresses_init(&s->addresses, &set, &e) == -1)
		abort();
}

/* A proxy connects from that address of IPv4, or over a Unix socket. */
static void
stage_open(struct stage *s, struct tls *tls, in_addr_t from)
{
	struct ws_settings set = ws_loop_settings();
	struct address peer = { .u.sa.sa_family = AF_UNIX };
	int theirs;

	stage_init_addresses(s);
	if (from != 0) {
		peer.u.in.sin_family = AF_INET;
		peer.u.in.sin_addr.s_addr = htonl(from);
	}
	set.addresses = &s->addresses;
	set.tls = tls;
	s->loop = ws_loop_open(NULL, &set);
	s->fd = peer_pair(SOCK_STREAM, &theirs);
	ws_adopt(s->loop->ws, theirs, &peer, WS_PROXY |
	    (tls != NULL ? WS_TLS : 0));
}

static void
stage_close(struct stage *s, uint16_t *taken)
{
	(void)close(s->fd);
	tap_ok(loop_settle(s->loop), "proxy: the loop rests in the end");
	tap_ok(ws_is_empty(s->loop), "proxy: and nothing is left");
	ws_loop_close(s->loop, taken);
	addresses_clear(&s->addresses);
}

static const struct broker_stats *
stats(const struct stage *s)
{
	return &s->loop->broker->stats;
}

/* The connection is told apart from its proxy, and its header may come in
 * pieces. */
static void
test_welcome(uint16_t *taken)
{
	const char *text = HEADER WS_REQUEST "\r\n";
	struct session *session;
	struct address real;
	struct buf got = { 0 };
	struct stage s;
	size_t i;

	stage_open(&s, NULL, INADDR_LOOPBACK);
	tap_int(ws_visit_conn(s.loop)->state, CONN_PROXY, "proxy: its state");
	for (i = 0; i < strlen(text); i++) {
		if (i == sizeof(HEADER) - 2)
			tap_int((int64_t)s.loop->ws->door.origins.count, 0,
			    "the proxy's address does not count");
		(void)peer_write(s.fd, slice_of(text + i, 1));
		(void)loop_settle(s.loop);
		if (i == sizeof(HEADER) - 2)
			tap_int((int64_t)s.loop->ws->door.origins.count, 1,
			    "the client's address does");
	}
	tap_ok(peer_hear(s.loop, s.fd, &got), "a header makes a session");
	tap_slice(buf_slice(&got), WS_ANSWER, "with its answer");
	session = TAILQ_FIRST(&s.loop->broker->sessions.open);
	real = session_address(session);
	buf_reset(&got);
	(void)address_describe(&real, &got);
	tap_slice(buf_slice(&got), "192.0.2.1:56324",
	    "the session is that of the client");
	tap_ok(!principal_in(session->principal, WHO_LOOPBACK),
	    "it has no right by its address");
	buf_clear(&got);
	stage_close(&s, taken);
}

/* A connection of the proxy itself counts as one of its address, but has no
 * rights by it either. */
static void
test_own(uint16_t *taken)
{
	struct session *session;
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s, NULL, 0);
	peer_say(s.fd, "PROXY UNKNOWN\r\n" WS_REQUEST "\r\n");
	tap_ok(peer_hear(s.loop, s.fd, &got), "UNKNOWN makes a session");
	session = TAILQ_FIRST(&s.loop->broker->sessions.open);
	tap_ok(!principal_in(session->principal, WHO_LOOPBACK),
	    "it has no right by its address, too");
	buf_clear(&got);
	stage_close(&s, taken);
}

static void
test_bad(uint16_t *taken)
{
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s, NULL, INADDR_LOOPBACK);
	peer_say(s.fd, WS_REQUEST "\r\n");
	tap_ok(!peer_hear(s.loop, s.fd, &got), "no header ends it");
	tap_int((int64_t)got.len, 0, "without an answer");
	tap_int((int64_t)stats(&s)->proxy_headers_missing, 1, "it is counted");
	stage_close(&s, taken);
	stage_open(&s, NULL, INADDR_LOOPBACK);
	peer_say(s.fd, "PROXY TCP4 x\r\n");
	tap_ok(!peer_hear(s.loop, s.fd, &got), "a bad header ends it");
	tap_int((int64_t)got.len, 0, "without an answer");
	tap_int((int64_t)stats(&s)->proxy_headers_bad, 1, "it is counted");
	stage_close(&s, taken);
	buf_clear(&got);
}

static void
test_late(uint16_t *taken)
{
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s, NULL, INADDR_LOOPBACK);
	peer_say(s.fd, "PROXY TCP4 ");
	(void)loop_settle(s.loop);
	ws_pass(s.loop, 3600 * 1000);
	tap_ok(!peer_hear(s.loop, s.fd, &got), "a late header ends it");
	tap_int((int64_t)stats(&s)->handshakes_late, 1, "it is counted");
	buf_clear(&got);
	stage_close(&s, taken);
}

/* Only those that are configured are proxies, and peers of Unix sockets. */
static void
test_untrusted(uint16_t *taken)
{
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s, NULL, 0xc0000202);
	tap_ok(!peer_hear(s.loop, s.fd, &got), "a foreign proxy is refused");
	tap_int((int64_t)stats(&s)->proxy_headers_untrusted, 1,
	    "it is counted");
	stage_close(&s, taken);
	stage_open(&s, NULL, 0);
	peer_say(s.fd, HEADER WS_REQUEST "\r\n");
	tap_ok(peer_hear(s.loop, s.fd, &got), "a Unix socket is believed");
	stage_close(&s, taken);
	buf_clear(&got);
}

static void
test_blocked(struct tls *tls, uint16_t *taken)
{
	struct buf got = { 0 };
	struct stage s;

	stage_open(&s, NULL, INADDR_LOOPBACK);
	peer_say(s.fd, BLOCKED WS_REQUEST "\r\n");
	tap_ok(!peer_hear(s.loop, s.fd, &got), "a blocked client is refused");
	tap_ok(slice_starts(buf_slice(&got), SLICE("HTTP/1.1 403 ")),
	    "with an answer");
	tap_int((int64_t)stats(&s)->refused_address, 1, "it is counted");
	stage_close(&s, taken);
	buf_reset(&got);
	stage_open(&s, tls, INADDR_LOOPBACK);
	peer_say(s.fd, BLOCKED "\x16\3\1");
	tap_ok(!peer_hear(s.loop, s.fd, &got), "before TLS as well");
	tap_int((int64_t)got.len, 0, "without an answer");
	tap_int((int64_t)stats(&s)->refused_address, 1, "it is counted, too");
	stage_close(&s, taken);
	buf_clear(&got);
}

/* TLS begins behind the header, also if both come together. */
static void
test_tls(struct tls *tls, uint16_t *taken, bool together)
{
	const char request[] = WS_REQUEST "\r\n";
	struct tls_socket t;
	struct buf got = { 0 };
	struct stage s;
	int fd;

	stage_open(&s, tls, INADDR_LOOPBACK);
	peer_say(s.fd, HEADER);
	if (!together)
		(void)loop_settle(s.loop);
	tls_socket_open(&t, s.fd, 0);
	tap_ok(tls_socket_shake(&t, s.loop), "TLS follows the header");
	tls_socket_say(&t, request, sizeof(request) - 1);
	(void)tls_socket_hear(&t, s.loop, &got);
	tap_slice(buf_slice(&got), WS_ANSWER, "and then the request");
	buf_clear(&got);
	fd = dup(t.fd);
	tls_socket_close(&t);
	s.fd = fd;
	stage_close(&s, taken);
}

void
proxying_test(struct tls *tls, uint16_t taken[CONN_STATES])
{
	test_welcome(taken);
	test_own(taken);
	test_bad(taken);
	test_late(taken);
	test_untrusted(taken);
	test_blocked(tls, taken);
	test_tls(tls, taken, true);
	test_tls(tls, taken, false);
}
