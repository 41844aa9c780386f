/*
 * ws_relay.c: what is between a connection and the server of HTTP that answers
 * its request.
 *
 * The server does not get the socket itself, not even in clear text: it would
 * find there what the client sends behind the request.  libwebsockets loops
 * then until it has answered, or ends the answer early, or serves a second
 * request, which nobody has judged.  And it closes the socket with unread
 * input, which makes the kernel reset the connection and can destroy the end of
 * the answer.
 */
#include "wampd/net/ws_relay.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wampd/core/broker.h"
#include "wampd/net/descriptors.h"
#include "wampd/net/ws_conn.h"

struct relay *
relay_of_visit(struct visit *v)
{
	return (struct relay *)(void *)((char *)v -
	    offsetof(struct relay, visit));
}

/* Make a pair of sockets; the last descriptors are reserved for others. */
static int
make_pair(int fd[2])
{
	int end = descriptors_end(DESCRIPTORS_REMOTE);

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
	    fd) == -1)
		return -1;
	if (fd[0] < end && fd[1] < end)
		return 0;
	(void)close(fd[0]);
	(void)close(fd[1]);
	return -1;
}

struct relay *
relay_new(struct ws_conn *c, const struct stream_ops *ops, int *fd)
{
	struct relay *r = calloc(1, sizeof(*r));
	int pair[2];
	bool more;

	if (r == NULL || make_pair(pair) == -1) {
		free(r);
		return NULL;
	}
	if (stream_open(&r->stream, c->ws->streams, ops, pair[0],
	    NULL) == -1) {
		(void)close(pair[1]);
		free(r);
		return NULL;
	}
	r->ws = c->ws;
	r->conn = c;
	r->taken = stream_taken(&c->stream, &more);
	visits_add(&r->ws->relays, &r->visit, r->ws->broker->now);
	*fd = pair[1];
	return r;
}

void
relay_note_progress(struct relay *r)
{
	visits_remove(&r->ws->relays, &r->visit);
	visits_add(&r->ws->relays, &r->visit, r->ws->broker->now);
}

void
relay_close(struct relay *r)
{
	if (r->stream.fd == -1)
		return;
	visits_remove(&r->ws->relays, &r->visit);
	stream_close(&r->stream);
}

/* The server learns that when it writes.  If we closed our end, its descriptor
 * would be readable, too, which libwebsockets ignores until it has answered: it
 * would loop. */
void
relay_leave(struct relay *r)
{
	r->conn = NULL;
	if (r->over) {
		relay_close(r);
		return;
	}
	(void)shutdown(r->stream.fd, SHUT_RD);
	stream_pause(&r->stream, false);
	relay_note_progress(r);
}
