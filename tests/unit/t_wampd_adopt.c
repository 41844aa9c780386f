/*
 * t_wampd_adopt.c: requests that libwebsockets answers, on the same loop as the
 * sessions.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client_frame.h"
#include "http_client.h"
#include "lws_server.h"
#include "tap.h"

#define HOST	" HTTP/1.1\r\nHost: h\r\n"
#define BOUND	(1u << 20)	/* bytes on their way to a slow client */
#define MANY	200		/* requests in a row */

static struct loop *s;
static struct lws_server server;

/* ---- requests ---- */

static void
ask_path(struct http_client *c, bool tls, const char *method,
    const char *path)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%s %s" HOST "\r\n", method, path);
	http_client_ask(s, c, tls, text);
}

/* The answer is a line with the verdict, and then the connection ends. */
static void
assert_verdict(struct http_client *c, const char *path, const char *what)
{
	struct buf want = { 0 };

	lws_server_line(&want, slice_str(path), slice_str(HTTP_CLIENT_ADDRESS),
	    "anonymous", c->is_tls);
	tap_ok(http_client_hear(s, c), "%s: it ends", what);
	tap_int(http_client_status(c), 200, "%s: the status", what);
	tap_slice(http_client_body(c), buf_cstr(&want), "%s: the verdict",
	    what);
	buf_clear(&want);
	http_client_close(c);
}

static void
assert_large(struct http_client *c, const char *what)
{
	struct slice body;

	tap_ok(http_client_hear(s, c), "%s: it ends", what);
	body = http_client_body(c);
	tap_int((int64_t)body.len, LWS_SERVER_LARGE, "%s: whole", what);
	tap_ok(lws_server_is_large(body), "%s: as it was sent", what);
	http_client_close(c);
}

/* libwebsockets has read what the door has judged, and nothing else. */
static void
assert_judged(const char *what)
{
	tap_ok(loop_settle(s), "%s: nothing spins", what);
	tap_int(server.requests, server.visits, "%s: all requests are judged",
	    what);
	tap_int(server.open, 0, "%s: no connection is left", what);
	tap_ok(ws_is_empty(s), "%s: nothing else, either", what);
}

/* ---- one request ---- */

static void
test_get(bool tls)
{
	struct http_client c;

	ask_path(&c, tls, "GET", "/health");
	assert_verdict(&c, "/health", "GET");
	ask_path(&c, tls, "GET", "http://x/files/a%20b?c=d");
	assert_verdict(&c, "/files/a%20b", "an absolute target");
	http_client_ask(s, &c, tls, "GET /health" HOST "Connection: keep-alive"
	    "\r\nKeep-Alive: timeout=60\r\n\r\n");
	assert_verdict(&c, "/health", "keep-alive");
	http_client_ask(s, &c, tls, "GET /health" HOST "Upgrade: h2c\r\n"
	    "Connection: Upgrade, HTTP2-Settings\r\n"
	    "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
	assert_verdict(&c, "/health", "HTTP/2");
	/* libwebsockets 4.1 takes the beginning of a name for the name. */
	http_client_ask(s, &c, tls, "GET /health" HOST "C: keep-alive\r\n"
	    "Up: h2c\r\n\r\n");
	assert_verdict(&c, "/health", "names that begin like others");
	assert_judged("GET");
}

static void
test_head(bool tls, const char *path)
{
	struct http_client c;

	ask_path(&c, tls, "HEAD", path);
	tap_ok(http_client_hear(s, &c), "HEAD %s: it ends", path);
	tap_int(http_client_status(&c), 200, "the status");
	tap_ok(strstr(buf_cstr(&c.in), "\r\ncontent-length: ") != NULL,
	    "with a length");
	tap_int((int64_t)http_client_body(&c).len, 0, "and no body");
	http_client_close(&c);
	assert_judged("HEAD");
}

/* As large a head as the door takes. */
static void
test_large_head(bool tls)
{
	static const struct {
		const char *begin, *end;
	} heads[] = {
		{ "GET /health" HOST "Cookie: ", "\r\n\r\n" },
		{ "GET /health" HOST "Accept: ", "\r\n\r\n" },
		{ "GET /health?", HOST "\r\n" },
	};
	struct http_client c;
	struct buf text = { 0 };
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		buf_reset(&text);
		if (buf_add_str(&text, heads[i].begin) == -1 ||
		    buf_fill(&text, 'a', 16384 - text.len -
		    strlen(heads[i].end)) == -1 ||
		    buf_add_str(&text, heads[i].end) == -1)
			abort();
		http_client_ask(s, &c, tls, buf_cstr(&text));
		assert_verdict(&c, "/health", "16 KiB");
	}
	buf_clear(&text);
	assert_judged("16 KiB");
}

/* ---- bytes behind a request ---- */

static const char *const seconds[] = {
	"GET /files/a" HOST "\r\n",
	"GET /" HOST WS_REQUEST_FIELDS "\r\n",
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	"garbage",
	NULL
};

static void
test_second(bool tls)
{
	struct http_client c;
	char text[512];
	size_t i;

	for (i = 0; seconds[i] != NULL; i++) {
		(void)snprintf(text, sizeof(text), "GET /health" HOST
		    "\r\n%s", seconds[i]);
		http_client_ask(s, &c, tls, text);
		assert_verdict(&c, "/health", "a second request");
	}
	assert_judged("a second request");
}

/* While the first one is served. */
static void
test_second_later(bool tls, const char *path)
{
	struct http_client c;
	size_t i;

	ask_path(&c, tls, "GET", path);
	for (i = 0; seconds[i] != NULL; i++) {
		tap_ok(loop_settle(s), "%s: nothing spins", path);
		http_client_say(&c, slice_str(seconds[i]));
		http_client_take(s, &c);
	}
	assert_large(&c, path);
	assert_judged(path);
}

/* ---- slow clients ---- */

static void
assert_alive(int session)
{
	ws_peer_frame(session, TEXT, "one");
	tap_str(ws_peer_frames(s, session), "text one\n",
	    "a session beside it goes on");
}

/* The client reads when nobody else does anything. */
static void
test_slow(bool tls, const char *path)
{
	int session = ws_peer_session(s);
	struct http_client c;
	size_t most = 0;

	server.written = 0;
	ask_path(&c, tls, "GET", path);
	(void)loop_settle(s);
	while (!c.ended && loop_settle(s)) {
		if (server.written > c.in.len + most)
			most = server.written - c.in.len;
		http_client_take(s, &c);
		assert_alive(session);
	}
	tap_ok(most < BOUND, "%s: few bytes wait: %zu", path, most);
	assert_large(&c, path);
	(void)close(session);
	assert_judged(path);
}

/* ---- who leaves ---- */

static void
test_gone(bool tls, const char *path)
{
	struct http_client c;

	ask_path(&c, tls, "GET", path);
	tap_ok(loop_settle(s) && server.open == 1, "%s: it begins", path);
	http_client_close(&c);
	tap_ok(loop_settle(s), "%s: the client leaves", path);
	if (server.silent != NULL) {
		tap_int(server.open, 1, "the server does not know it yet");
		lws_server_speak(&server);
	}
	assert_judged(path);
}

static void
test_no_answer(bool tls)
{
	struct http_client c;

	ask_path(&c, tls, "GET", "/files/nothing");
	tap_ok(http_client_hear(s, &c), "the server closes");
	tap_int(http_client_status(&c), 500, "who gets nothing is told");
	http_client_close(&c);
	ask_path(&c, tls, "GET", "/files/half");
	tap_ok(http_client_hear(s, &c), "the server closes early");
	tap_slice(http_client_body(&c), "ten bytes\n", "that is passed on");
	http_client_close(&c);
	ask_path(&c, tls, "GET", "/files/silent");
	tap_ok(!http_client_hear(s, &c) && c.in.len == 0, "it is silent");
	lws_server_speak(&server);
	assert_verdict(&c, "/files/silent", "later");
	assert_judged("no answer");
}

/* ---- many ---- */

static int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		(void)closedir(dir);
	return n;
}

static void
test_many(bool tls, int at_once)
{
	static struct http_client c[MANY];
	int i, k, good = 0, before = count_descriptors();

	for (i = 0; i < MANY; i += at_once) {
		for (k = 0; k < at_once; k++)
			ask_path(&c[k], tls, "GET", "/health");
		for (k = 0; k < at_once; k++) {
			good += http_client_hear(s, &c[k]) &&
			    http_client_status(&c[k]) == 200;
			http_client_close(&c[k]);
		}
	}
	tap_int(good, MANY, "many, %d at once, are served", at_once);
	assert_judged("many");
	tap_int(count_descriptors(), before, "no descriptor is left");
}

static void
test_all(bool tls)
{
	test_get(tls);
	test_head(tls, "/health");
	test_head(tls, "/files/stored");
	test_large_head(tls);
	test_second(tls);
	test_second_later(tls, "/files/large");
	test_second_later(tls, "/files/stored");
	test_slow(tls, "/files/large");
	test_slow(tls, "/files/stored");
	test_gone(tls, "/files/large");
	test_gone(tls, "/files/stored");
	test_gone(tls, "/files/silent");
	test_no_answer(tls);
	test_many(tls, 1);
	test_many(tls, MANY / 2);
}

int
main(void)
{
	struct tls *tls = tls_socket_server();
	uint16_t taken[CONN_STATES] = { 0 };

	s = http_loop_open(tls);
	lws_server_open(&server, &s->loop);
	if (ws_serve(s->ws, "/health", &server.site) == -1 ||
	    ws_serve(s->ws, "/files/", &server.site) == -1)
		abort();
	test_all(false);
	test_all(true);
	lws_server_close(&server);
	tap_ok(loop_settle(s), "the server ends");
	lws_server_free(&server);
	ws_loop_close(s, taken);
	tls_free(tls);
	loop_end_threads();
	return tap_done();
}
