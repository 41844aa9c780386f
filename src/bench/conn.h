/*
 * conn.h: one session of the load.  It is small and fast: it has no loop, no
 * callback for each message, and no buffer unless a message is incomplete.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "bench/server.h"
#include "bench/wire.h"

enum conn_state {
	CONN_CONNECTING,	/* until the socket is writable */
	CONN_TLS,		/* until the handshake is done */
	CONN_HTTP,		/* until the 101 answer is complete */
	CONN_WELCOME,		/* until WELCOME, or the like */
	CONN_OPEN,
};

struct conn {
	const struct server *server;	/* borrowed */
	int64_t		start_us;	/* when connect() was called */
	struct buf	rest;		/* the beginning of a message */
	struct buf	out;		/* not sent yet */
	struct wire_stream stream;	/* in WebSocket frames */
	uint32_t	index;		/* in the pool */
	struct ssl_st  *tls;		/* owned; NULL: none */
	int		fd;		/* owned */
	int		epoll;		/* borrowed; fd is in it */
	enum conn_state	state;
	uint32_t	pongs;		/* answers to pings of ours */
	bool		blocked;	/* EPOLLOUT is asked for */
};

/*
 * Functions return EXIT_DONE, or another status with *e filled.  Errors name
 * the session.
 */

/* Start to connect c, whose server, index and epoll are set. */
enum exit_status conn_start(struct conn *c, struct errbuf *e);

/* The socket has become writable. */
enum exit_status conn_writable(struct conn *c, struct errbuf *e);

/* CONN_TLS: continue the handshake. */
enum exit_status conn_handshake(struct conn *c, struct errbuf *e);

/* As recv(); never waits. */
ssize_t	conn_recv(struct conn *c, char *p, size_t len);

/* Queue a message.  conn_flush() sends as much of the queue as the socket takes
 * now; the rest is sent when the socket is writable. */
enum exit_status conn_queue(struct conn *c, struct slice text,
	    struct errbuf *e);
enum exit_status conn_flush(struct conn *c, struct errbuf *e);

/* Take the HTTP answer, or WELCOME, off *in if it is complete. */
enum exit_status conn_greet_http(struct conn *c, struct slice *in,
	    struct errbuf *e);
enum exit_status conn_greet(struct conn *c, struct slice *in,
	    struct errbuf *e);

/* Handle a message that is not an event.  Answer PING, and count PONG.  CLOSE,
 * and what a server must not send, are errors.  Does not flush. */
enum exit_status conn_control(struct conn *c, const struct wire_msg *m,
	    struct errbuf *e);

/* Add the session to an error.  Returns st. */
enum exit_status conn_error(const struct conn *c, enum exit_status st,
	    struct errbuf *e);

void	conn_close(struct conn *c);

/* Take the next WAMP message or delivery off *in, and handle all others.  true;
 * false if there is none, or after an error, with *st set. */
static inline bool
conn_next(struct conn *c, struct slice *in, struct wire_msg *m,
    enum exit_status *st, struct errbuf *e)
{
	while (protocol_next(c->server->protocol, in, m)) {
		if (m->kind == WIRE_TEXT)
			return true;
		if ((*st = conn_control(c, m, e)) != EXIT_DONE)
			return false;
	}
	return false;
}
