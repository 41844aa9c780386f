/*
 * http_client.c: clients of HTTP.
 */
#include "http_client.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/http_head.h"

struct loop *
http_loop_open(struct tls *tls)
{
	struct ws_settings set = ws_loop_settings();

	set.tls = tls;
	return ws_loop_open(NULL, &set);
}

void
http_client_ask(struct loop *s, struct http_client *c, bool tls,
    const char *text)
{
	struct address from = { .u.in.sin_family = AF_INET };
	int theirs;

	if (inet_pton(AF_INET, "192.0.2.1", &from.u.in.sin_addr) != 1)
		abort();
	*c = (struct http_client){ .is_tls = tls };
	c->fd = peer_pair(SOCK_STREAM, &theirs);
	ws_adopt(s->ws, theirs, &from, tls);
	if (tls) {
		tls_socket_open(&c->tls, c->fd, 0);
		if (!tls_socket_shake(&c->tls, s))
			abort();
	}
	http_client_say(c, slice_str(text));
}

void
http_client_say(struct http_client *c, struct slice bytes)
{
	if (c->is_tls)
		tls_socket_say(&c->tls, bytes.p, bytes.len);
	else if (peer_write(c->fd, bytes) != bytes.len)
		abort();
}

/* ---- reading ---- */

static void
read_all(struct http_client *c)
{
	if (c->ended)
		return;
	if (c->is_tls) {
		c->cut = !tls_socket_read(&c->tls, &c->in);
		c->ended = c->tls.ended;
	} else {
		c->ended = !peer_read(c->fd, &c->in);
	}
}

void
http_client_take(struct loop *s, struct http_client *c)
{
	read_all(c);
	loop_turn(s);
}

bool
http_client_hear(struct loop *s, struct http_client *c)
{
	size_t before;

	do {
		before = c->in.len;
		if (!loop_settle(s))
			return false;
		read_all(c);
	} while (c->in.len > before);
	return c->ended && !c->cut;
}

bool
http_client_hears(struct loop *s, struct http_client *c, const char *text)
{
	return http_client_hear(s, c) &&
	    slice_eq(buf_slice(&c->in), slice_str(text));
}

int
http_client_status(const struct http_client *c)
{
	struct slice head, rest = buf_slice(&c->in);
	struct http_status status;

	return http_head_cut(&head, &rest) &&
	    http_status_read(&status, head) ? (int)status.code : 0;
}

struct slice
http_client_body(const struct http_client *c)
{
	struct slice head, rest = buf_slice(&c->in);

	return http_head_cut(&head, &rest) ? rest : SLICE("");
}

/* ---- leaving ---- */

void
http_client_shut(struct http_client *c)
{
	if (c->is_tls)
		tls_socket_shut(&c->tls);
	else
		(void)shutdown(c->fd, SHUT_WR);
}

void
http_client_close(struct http_client *c)
{
	if (c->is_tls)
		tls_socket_close(&c->tls);
	else
		(void)close(c->fd);
	buf_clear(&c->in);
}
