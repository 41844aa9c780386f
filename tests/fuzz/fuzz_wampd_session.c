/*
 * fuzz_wampd_session.c: whole sessions, as bytes, to a whole broker whose door
 * has all that it can have.
 *
 * The broker runs in a thread, with a configuration of its own, from the first
 * input to the last.  An input has steps: a byte that chooses who does what, a
 * byte for a length, and so many bytes.  There are four peers: two WebSocket
 * clients, a proxy, and a local one.  In what they say, small bytes stand for
 * what nobody can guess, see put_in().  Beside them a local session exchanges
 * an event after each input.  In the end each answer is one that RFC 9112 and
 * RFC 6455 allow, and no session is left.
 */
#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../unit/client_frame.h"
#include "../unit/live_broker.h"
#include "../unit/scratch.h"
#include "../unit/ws_answer.h"
#include "base/clock.h"
#include "client/cra.h"
#include "proto/json.h"
#include "token/oro_ticket.h"

#define STEPS_MAX	64
#define TRIES		100000	/* until all sessions have ended */
#define KEPT		65536	/* bytes that a peer may hear */
#define SECRET		"ThisTokenIsNotSoSecretChangeIt"
#define HASH		"$2y$13$abcdefghijklmnopqrstuv"
#define CRA_SECRET	"secret"
#define PASERK		"k4.local." JWK
/* 32 bytes of 0; seeds have tokens that were made with it. */
#define JWK		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the broker ---- */

static const char config_text[] =
    "routes: [routes.yml]\n"
    "handlers:\n"
    "  open: { type: broadcast, subscribe: anyone, publish: anyone,\n"
    "          retain: true }\n"
    "  closed: { type: broadcast, subscribe: authenticated,\n"
    "            publish: [backend, 'role:admin'] }\n"
    "  own: { type: secured }\n"
    "limits: { message: 16KiB, queue: 64KiB, retained: 64KiB,\n"
    "          handshake: 5s, subscriptions: 20, sessions: 20 }\n"
    "maintenance: { topic: oro/maintenance }\n"
    "state_dir: state\n"
    "websocket: { deflate: yes }\n"
    "blocked_ips: [192.0.2.0/24]\n"
    "trusted_proxies: [127.0.0.1]\n"
    "origins: [example.com, '*.example.com']\n"
    "application_url: https://example.com/\n"
    "anonymous: yes\n"
    "tickets:\n"
    "  cookie: TICKET\n"
    "  oro: { secret_file: oro.secret, users: users.yml }\n"
    "  paseto: { keys: paseto.keys }\n"
    "  jwt: { keys: jwk.json, audience: wampd }\n"
    "  require_exp: no\n"
    "cra: { keys: cra.yml, delay: 1ms }\n"
    "log: { level: error }\n";

static const char routes_text[] =
    "good: { channel: good, handler: { callback: open } }\n"
    "t: { channel: t, handler: { callback: open } }\n"
    "c: { channel: 'c/{x}', handler: { callback: closed } }\n"
    "own: { channel: 'own/{user_id}', handler: { callback: own } }\n"
    "m: { channel: oro/maintenance, handler: { callback: closed } }\n";

static void
must(bool that, const char *what)
{
	if (that)
		return;
	(void)fprintf(stderr, "fuzz_wampd_session: %s\n", what);
	abort();
}

static void
stage_open(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	scratch_mkdir("state");
	scratch_write("routes.yml", slice_str(routes_text));
	scratch_write("oro.secret", SLICE(SECRET "\n"));
	scratch_write("paseto.keys", SLICE(PASERK "\n"));
	scratch_write("jwk.json", SLICE("{\"kty\":\"oct\",\"alg\":"
	    "\"HS256\",\"k\":\"" JWK "\"}"));
	scratch_write("cra.yml", SLICE("foobar: { secret: " CRA_SECRET ", "
	    "user_id: 8, roles: [admin] }\n"));
	scratch_write("users.yml", SLICE("admin: { password: '" HASH "', "
	    "id: 7, roles: [admin] }\n"));
	live_broker_start(config_text);
	(void)live_broker_ask("[5,\"good\"]\n[7,\"good\",1,[]]\n",
	    "[8,\"good\"");
}

/* ---- the peers ---- */

struct peer {
	int	   fd;		/* -1: not connected */
	bool	   line;	/* a control socket's */
	bool	   proxied;	/* it begins with a PROXY header */
	struct buf heard;
};

enum { PEERS = 4 };

static void
peer_open(struct peer *p)
{
	if (p->fd != -1)
		return;
	p->fd = p->line ? live_broker_local() : p->proxied ?
	    live_broker_proxy() : live_broker_tcp();
	if (fcntl(p->fd, F_SETFL, O_NONBLOCK) == -1)
		abort();
	buf_reset(&p->heard);
}

static void
peer_hear(struct peer *p)
{
	ssize_t n = 1;

	while (p->fd != -1 && n > 0) {
		if (buf_reserve(&p->heard, KEPT) == -1)
			abort();
		n = recv(p->fd, p->heard.data + p->heard.len, KEPT, 0);
		if (n > 0)
			p->heard.len += (size_t)n;
	}
}

/* It takes what its socket takes. */
static void
peer_say(struct peer *p, struct slice text)
{
	ssize_t n;

	while (text.len > 0) {
		n = send(p->fd, text.p, text.len, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		text = slice_of(text.p + n, text.len - (size_t)n);
	}
}

static void
check_answer(const struct peer *p)
{
	struct slice got = buf_slice(&p->heard);
	struct buf lines = { 0 };
	struct errbuf e = { "" };

	if (p->line || got.len == 0 ||
	    memmem(got.p, got.len, "\r\n\r\n", 4) == NULL)
		return;
	if (ws_answer_read(got, false, &lines, &e) == -1 &&
	    ws_answer_read(got, true, &lines, &e) == -1)
		must(false, e.msg);
	buf_clear(&lines);
}

/* Without a trace in the kernel: there are many. */
static void
peer_close(struct peer *p)
{
	const struct linger now = { 1, 0 };

	if (p->fd == -1)
		return;
	peer_hear(p);
	check_answer(p);
	(void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	(void)close(p->fd);
	p->fd = -1;
}

/* ---- what they say ---- */

/* The end of a JSON string that begins here, or NULL. */
static const char *
string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at < end ? at + 1 : NULL;
}

/* The challenge that came, as it must be signed. */
static void
put_signature(struct buf *out, const struct peer *p)
{
	const char *at, *to;
	struct buf challenge = { 0 };
	struct json_elem elem;
	struct json_error je;
	struct errbuf e;

	if (p->heard.len == 0 ||
	    (at = memmem(p->heard.data, p->heard.len, "\"{\\\"", 4)) == NULL ||
	    (to = string_end(at, p->heard.data + p->heard.len)) == NULL)
		return;
	if (json_scan_value(slice_of(at, (size_t)(to - at)), 0, &elem,
	    &je) == 0 && json_unquote(&challenge, &elem) == 0 &&
	    buf_cstr(&challenge) != NULL)
		(void)cra_sign(out, buf_slice(&challenge), CRA_SECRET, &e);
	buf_clear(&challenge);
}

static int
sha512(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	(void)arg;
	return crypto_hash_sha512(out, p, len);
}

static int
put_ticket(struct buf *out, const char *user, const char *password)
{
	const struct oro_hash hash = { sha512, NULL };
	char created[CLOCK_ISO_SIZE];
	time_t now = time(NULL);
	struct tm tm;

	(void)strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%S+00:00",
	    gmtime_r(&now, &tm));
	return oro_ticket_make(out, slice_str(user), SLICE("nonce"),
	    slice_str(created), slice_str(password), SLICE(SECRET), &hash);
}

/* What a small byte stands for. */
static void
put_in(struct buf *out, char c, const struct peer *p)
{
	int rc = 0;

	if (c == 1)
		rc = put_ticket(out, "", SECRET);
	else if (c == 2)
		put_signature(out, p);
	else if (c == 3)
		rc = put_ticket(out, "admin", HASH);
	else
		rc = buf_add_char(out, c);
	if (rc == -1)
		abort();
}

#define FIELDS								\
	" HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"	\
	"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"		\
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"		\
	"Sec-WebSocket-Protocol: wamp\r\n"

static void
say_request(struct peer *p, const char *before, struct slice text,
    const char *after)
{
	struct buf out = { 0 };

	if (buf_add_str(&out, before) == -1 ||
	    buf_add_slice(&out, text) == -1 || buf_add_str(&out, after) == -1)
		abort();
	peer_say(p, buf_slice(&out));
	buf_clear(&out);
}

static void
say_message(struct peer *p, unsigned first, struct slice text)
{
	struct buf out = { 0 };

	if (p->line) {
		if (buf_add_slice(&out, text) == -1 ||
		    buf_add_char(&out, '\n') == -1)
			abort();
	} else
		client_frame_add(&out, first, text);
	peer_say(p, buf_slice(&out));
	buf_clear(&out);
}

static void
step(struct peer *p, uint8_t how, struct slice text)
{
	switch (how >> 2 & 7) {
	case 0:
		say_message(p, TEXT, text);
		break;
	case 1:
		peer_say(p, text);
		break;
	case 2:
		say_request(p, "GET /", text, FIELDS "\r\n");
		break;
	case 3:
		say_request(p, "GET /" FIELDS, text, "\r\n\r\n");
		break;
	case 4:
		live_broker_settle();
		peer_hear(p);
		break;
	case 5:
		(void)shutdown(p->fd, SHUT_WR);
		break;
	case 6:
		say_message(p, text.len > 0 ? (uint8_t)text.p[0] : PING,
		    text);
		break;
	default:
		peer_close(p);
		break;
	}
}

static void
play(struct peer *peers, struct slice left)
{
	struct buf text = { 0 };
	struct peer *p;
	size_t i, n;
	int steps;

	for (steps = 0; left.len >= 2 && steps < STEPS_MAX; steps++) {
		p = &peers[left.p[0] & 3];
		n = (uint8_t)left.p[1];
		n = n < left.len - 2 ? n : left.len - 2;
		buf_reset(&text);
		for (i = 0; i < n; i++)
			put_in(&text, left.p[2 + i], p);
		peer_open(p);
		step(p, (uint8_t)left.p[0], text.len > 0 ? buf_slice(&text) :
		    SLICE(""));
		left = slice_of(left.p + 2 + n, left.len - 2 - n);
	}
	buf_clear(&text);
}

/* Wait until only the local session is there, and its event arrives. */
static void
check_rest(void)
{
	struct slice info;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		info = live_broker_ask("[2,\"info\",\"wampd.info\"]\n",
		    "[3,\"info\"");
		if (memmem(info.p, info.len, "\"sessions\":1,", 13) != NULL)
			break;
	}
	must(tries < TRIES, "a session is left");
	(void)live_broker_ask("[7,\"good\",1,[]]\n", "[8,\"good\",1]");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct peer peers[PEERS] = { { .fd = -1 }, { .fd = -1 },
	    { .fd = -1, .proxied = true }, { .fd = -1, .line = true } };
	size_t i;

	stage_open();
	play(peers, slice_of((const char *)data, size));
	live_broker_settle();
	for (i = 0; i < PEERS; i++) {
		peer_close(&peers[i]);
		buf_clear(&peers[i].heard);
	}
	check_rest();
	return 0;
}
