/*
 * transport.h: how the client moves messages.
 *
 * A transport knows bytes and sockets and nothing of WAMP: it queues whole
 * messages, and turn() moves what can be moved in both directions.  Waiting,
 * time limits and the meaning of messages are the client's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/slice.h"

struct client_attempt;
struct client_target;

/* Where a transport hands whole messages; text is borrowed for the call. */
struct transport_up {
	void (*message)(void *arg, struct slice text);
	void *arg;
};

/* Times are of clock_ms(); -1 means never. */
struct transport_ops {
	/* Connect.  *conn is NULL on failure. */
	enum exit_status (*open)(void **conn, const struct client_target *t,
	    const struct transport_up *up, int64_t until_ms,
	    struct client_attempt *attempt, struct errbuf *e);

	/* Queue one message, its parts put together.  0, or -1 when out of
	 * memory. */
	int (*queue)(void *conn, const struct slice *parts, size_t n);

	/* Bytes that the kernel has not taken yet. */
	size_t (*pending)(const void *conn);

	/* Queue a question that any peer answers by itself.  0, -1 when out
	 * of memory.  NULL: the transport has none. */
	int (*ping)(void *conn);

	/* A count that grows with all that comes from the peer. */
	uint64_t (*heard)(const void *conn);

	/* The kernel's socket. */
	int (*fd)(const void *conn);

	/* Write and read what can be now; with nothing to do wait until
	 * until_ms, or until fd (-1: none) is readable.  *fd_ready is set
	 * when it is.  May return early; the caller asks again. */
	enum exit_status (*turn)(void *conn, int64_t until_ms, int fd,
	    bool *fd_ready, struct errbuf *e);

	/* Take leave as the protocol has it, once nothing is pending. */
	enum exit_status (*goodbye)(void *conn, int64_t until_ms,
	    struct errbuf *e);

	void (*free)(void *conn);
};

extern const struct transport_ops transport_control;	/* control.c */
extern const struct transport_ops transport_ws;		/* ws.c */

/* The largest message that is taken in; a peer that sends more is cut. */
#define TRANSPORT_MESSAGE_MAX	(64u << 20)	/* bytes */

/* Bytes that the socket has taken and the far end's kernel not yet. */
size_t	transport_unread(int sock);

/* Whether that moment has come. */
bool	transport_expired(int64_t until_ms);

/* What poll() takes for the time until then. */
int	transport_timeout(int64_t until_ms);

/* poll() the socket for events and fd (-1: none) for input until until_ms;
 * returns what the socket is ready for, 0 for nothing. */
short	transport_poll(int sock, short events, int64_t until_ms, int fd,
	    bool *fd_ready);
