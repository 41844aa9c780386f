/*
 * t_wampd_ws_renew.c: other settings for WebSocket clients while there are
 * some.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "ws_loop.h"

#define HOUR	(3600 * 1000)	/* ms */

static uint16_t taken[CONN_STATES];
static unsigned freed;		/* sources */

static void
free_source(void *source)
{
	free(source);
	freed++;
}

/* Settings whose path is their own. */
static struct ws_settings
settings_of(const char **path, const char *text)
{
	struct ws_settings set = ws_loop_settings();

	if ((set.source = strdup(text)) == NULL)
		abort();
	set.source_free = free_source;
	*path = set.source;
	set.paths = path;
	set.npaths = 1;
	return set;
}

static void
renew(struct loop *s, const struct ws_settings *set)
{
	struct errbuf e;
	struct ws_rules *fresh = ws_prepare(s->ws, set, &e);

	if (!tap_ok(fresh != NULL, "other settings"))
		abort();
	ws_commit(s->ws, fresh);
}

/* Ask for a WebSocket at that path.  Whether the answer begins so. */
static bool
answers(struct loop *s, const char *path, const char *want)
{
	struct buf ask = { 0 }, got = { 0 };
	int fd = ws_peer_open(s);
	bool rc;

	if (buf_addf(&ask, "GET %s HTTP/1.1\r\n" WS_REQUEST_FIELDS "\r\n",
	    path) == -1)
		abort();
	(void)peer_write(fd, buf_slice(&ask));
	(void)peer_hear(s, fd, &got);
	rc = slice_starts(buf_slice(&got), slice_str(want));
	(void)close(fd);
	(void)loop_settle(s);
	buf_clear(&ask);
	buf_clear(&got);
	return rc;
}

static void
serve(void *arg, const struct site_visit *v)
{
	(void)arg;
	(void)dprintf(v->fd, "HTTP/1.1 204 No Content\r\n\r\n");
	(void)close(v->fd);
}

static bool
is_served(struct loop *s, const char *path)
{
	struct buf got = { 0 };
	int fd = ws_peer_open(s);
	bool rc;

	(void)dprintf(fd, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	(void)peer_hear(s, fd, &got);
	rc = slice_starts(buf_slice(&got), SLICE("HTTP/1.1 204 "));
	(void)close(fd);
	(void)loop_settle(s);
	buf_clear(&got);
	return rc;
}

/* Paths and lists are borrowed from a source, which goes with them. */
static void
test_paths(void)
{
	static const struct site_server server = { "test", serve, NULL };
	const char *first, *second;
	struct ws_settings set = settings_of(&first, "/first");
	struct loop *s = ws_loop_open(NULL, &set);
	struct buf got = { 0 };
	int fd;

	if (ws_serve(s->ws, "/page", &server) == -1)
		abort();
	set.paths = NULL;
	tap_ok(answers(s, "/first", "HTTP/1.1 101 "), "a path is served");
	tap_ok(answers(s, "/second", "HTTP/1.1 404 "), "another one is not");
	set = settings_of(&second, "/second");
	renew(s, &set);
	tap_int(freed, 1, "the old source is freed");
	tap_ok(answers(s, "/first", "HTTP/1.1 404 "), "now it is not");
	tap_ok(answers(s, "/second", "HTTP/1.1 101 "), "but the other one");
	tap_ok(is_served(s, "/page"), "servers of HTTP stay");
	set = ws_loop_settings();
	fd = ws_peer_open(s);
	(void)peer_write(fd, SLICE("GET /first HTTP/1.1\r\n"));
	(void)loop_settle(s);
	renew(s, &set);
	(void)peer_write(fd, SLICE(WS_REQUEST_FIELDS "\r\n"));
	(void)peer_hear(s, fd, &got);
	tap_ok(slice_starts(buf_slice(&got), SLICE("HTTP/1.1 101 ")),
	    "a request that had begun is judged by the new settings");
	buf_clear(&got);
	tap_ok(is_served(s, "/page"), "the servers still stay");
	(void)close(fd);
	(void)loop_settle(s);
	ws_loop_close(s, taken);
	tap_int(freed, 2, "all sources are freed");
}

static void
test_limits(void)
{
	struct ws_settings set = ws_loop_settings();
	struct loop *s = ws_loop_open(NULL, &set);
	int session = ws_peer_session(s), late = ws_peer_open(s);

	set.handshake = 1000;
	set.limit_head = 64;
	set.require_protocol = true;
	renew(s, &set);
	tap_ok(answers(s, "/", "HTTP/1.1 431 "), "a head is too long now");
	set.limit_head = 16384;
	renew(s, &set);
	tap_ok(answers(s, "/", "HTTP/1.1 4"), "a protocol is needed now");
	tap_ok(s->broker->sessions.n == 1, "a session goes on");
	ws_pass(s, 1000);
	(void)loop_settle(s);
	tap_ok(ws_visit_conn(s) == NULL,
	    "who had an hour to shake hands has a second now");
	(void)close(late);
	(void)close(session);
	(void)loop_settle(s);
	ws_loop_close(s, taken);
}

int
main(void)
{
	test_paths();
	test_limits();
	return tap_done();
}
