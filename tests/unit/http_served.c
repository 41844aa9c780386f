/*
 * http_served.c: a server of HTTP that leaves its answers to the test.
 */
#include "http_served.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"

struct http_served served = { .fd = -1 };

static struct tls *tls;

static void
copy(struct buf *to, struct slice from)
{
	buf_reset(to);
	if (buf_add_slice(to, from) == -1)
		abort();
}

static void
serve(void *arg, const struct site_visit *v)
{
	(void)arg;
	served_hang_up();
	served.fd = v->fd;
	served.visits++;
	copy(&served.head, v->read);
	copy(&served.path, v->path);
	buf_reset(&served.peer);
	if (address_describe(&v->peer, &served.peer) == -1)
		abort();
	served.tls = v->tls;
	if (served.answers) {
		(void)served_say(SERVED_ANSWER);
		served_hang_up();
	}
}

static const struct site_server server = { .name = "test", .serve = serve };

struct loop *
served_open(void)
{
	struct loop *s;

	if (tls == NULL)
		tls = tls_socket_server();
	s = http_loop_open(tls);
	if (ws_serve(s->ws, "/health", &server) == -1 ||
	    ws_serve(s->ws, "/files/", &server) == -1)
		abort();
	served.visits = 0;
	return s;
}

void
served_close(struct loop *s, const char *what)
{
	uint16_t taken[CONN_STATES] = { 0 };

	served_hang_up();
	tap_ok(loop_settle(s), "%s: the loop rests in the end", what);
	tap_int((int64_t)s->ws->relays.n, 0, "%s: no relay is left", what);
	ws_loop_close(s, taken);
}

void
served_ask(struct loop *s, struct http_client *c, bool with_tls,
    const char *text)
{
	unsigned before = served.visits;

	served_hang_up();
	http_client_ask(s, c, with_tls, text);
	if (!loop_settle(s) || served.visits != before + 1)
		abort();
}

bool
served_say(const char *text)
{
	return send(served.fd, text, strlen(text), MSG_NOSIGNAL) ==
	    (ssize_t)strlen(text);
}

bool
served_is_read(void)
{
	return send(served.fd, "", 0, MSG_NOSIGNAL) == 0;
}

void
served_hang_up(void)
{
	if (served.fd != -1)
		(void)close(served.fd);
	served.fd = -1;
}

int
served_read(void)
{
	char c;

	return (int)recv(served.fd, &c, 1, 0);
}

void
served_pass(struct loop *s)
{
	ws_pass(s, s->ws->relays.time);
	loop_turn(s);
}

void
served_free(void)
{
	buf_clear(&served.head);
	buf_clear(&served.path);
	buf_clear(&served.peer);
	tls_free(tls);
	loop_end_threads();
}
