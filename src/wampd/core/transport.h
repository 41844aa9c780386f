/*
 * transport.h: what the core sees of a socket.
 *
 * A transport knows sockets and nothing of WAMP; the core knows sessions and
 * includes no header of libwebsockets or libuv.  Unit tests drive the core
 * with a recording fake behind this table.
 *
 * A transport calls: lobby_open() or lobby_begin() for each new peer,
 * receive_message() for each complete message, session_writable() when a socket
 * takes bytes again, session_gone() when the peer has left.  None of these
 * frees the session: that happens at the end of the turn, in turn_end(), by
 * calling close().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "wampd/core/frame.h"

struct transport_ops {
	const char *name;	/* "ws", "unix" */
	enum wire   wire;
	bool	    keepalive;	/* sessions are pinged */
	bool	    trusted;	/* its peers administer the broker: they get
				 * in when it is full, and are told why what
				 * they said was refused */

	/* Take up to n bytes, which end where a frame ends.  A socket that is
	 * full then (fewer than n taken, or the rest buffered below) calls
	 * session_block(), and session_writable() later.  -1: it is dead. */
	ssize_t	(*write)(void *conn, const char *p, size_t n);

	/* The session is gone: close the connection, with the WebSocket
	 * close code (RFC 6455 section 7.4.1) and reason where there is such
	 * a thing; code 0 drops it without a goodbye.  The transport forgets
	 * the session. */
	void	(*close)(void *conn, uint16_t code, const char *reason);

	/* Stop reading from the peer, or go on. */
	void	(*pause)(void *conn, bool on);

	/* How many bytes the peer has taken, as far as that is known (only
	 * differences count), and whether more are on their way. */
	uint64_t (*taken)(void *conn, bool *more);

	/* Append the peer's address as people write it. */
	int	(*describe)(void *conn, struct buf *out);
};
