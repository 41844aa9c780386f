/*
 * transport.h: how the client moves messages.
 *
 * A transport handles bytes and sockets, but not WAMP.  It queues whole
 * messages, and turn() sends and receives what is possible now.  The client
 * does the waiting, the time limits, and everything about messages.
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

/* The function that gets whole messages; text is borrowed for the call. */
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

	/* Queue a question that any peer answers by itself.  0, or -1 when out
	 * of memory.  NULL: the transport has no such question. */
	int (*ping)(void *conn);

	/* A counter that increases with everything that comes from the peer. */
	uint64_t (*heard)(const void *conn);

	/* The kernel's socket. */
	int (*fd)(const void *conn);

	/* Write and read what is possible now.  If nothing is, wait until
	 * until_ms, or until fd (-1: none) is readable, which sets *fd_ready.
	 * May return early; the caller calls it again. */
	enum exit_status (*turn)(void *conn, int64_t until_ms, int fd,
	    bool *fd_ready, struct errbuf *e);

	/* Say goodbye as the protocol requires, when nothing is pending. */
	enum exit_status (*goodbye)(void *conn, int64_t until_ms,
	    struct errbuf *e);

	void (*free)(void *conn);
};

extern const struct transport_ops transport_control;	/* control.c */
extern const struct transport_ops transport_ws;		/* ws.c */

/* The largest message that is accepted; a peer that sends a larger one is
 * disconnected. */
#define TRANSPORT_MESSAGE_MAX	(64u << 20)	/* bytes */

/* Bytes that the socket has taken and the far end's kernel has not
 * confirmed. */
size_t	transport_unread(int sock);

/* Whether clock_ms() has reached until_ms. */
bool	transport_expired(int64_t until_ms);

/* The time until then, as an argument of poll(). */
int	transport_timeout(int64_t until_ms);

/* poll() the socket for events and fd (-1: none) for input until until_ms;
 * returns what the socket is ready for, 0 for nothing. */
short	transport_poll(int sock, short events, int64_t until_ms, int fd,
	    bool *fd_ready);
