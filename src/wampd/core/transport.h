/*
 * transport.h: the functions of a transport, as the core calls them.
 *
 * A transport knows sockets, but not WAMP.  The core knows sessions, but
 * includes no header of libuv or OpenSSL.  Unit tests use the core with a
 * transport that records what is written.
 *
 * A transport calls lobby_open() or lobby_begin() for each new peer,
 * receive_message() for each complete message, session_writable() when a socket
 * takes bytes again, and session_gone() when the peer has left.  None of these
 * functions frees the session.  turn_end() does, and calls close() then.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "wampd/core/address.h"
#include "wampd/core/frame.h"

struct transport_ops {
	const char *name;	/* "ws", "unix" */
	enum wire   wire;
	bool	    keepalive;	/* sessions are pinged */
	bool	    compressed;	/* its peers take compressed messages, and wire
				 * is WIRE_WS; see compress.h */
	bool	    trusted;	/* its peers administer the broker: they may
				 * connect when limits.sessions is reached, and
				 * are told why a message was refused */

	/* Write up to n bytes, which end where a frame ends.  Returns how many
	 * were taken, or -1 when the connection is broken.  If the socket is
	 * full then (fewer were taken, or a layer below buffers the rest), the
	 * transport calls session_block(), and session_writable() later. */
	ssize_t	(*write)(void *conn, const char *p, size_t n);

	/* Close the connection, and forget the session, which is about to be
	 * freed.  A WebSocket gets a close frame with code (RFC 6455
	 * section 7.4.1) and reason; code 0 closes it without one.  unsent is
	 * the rest of a frame that was written in part, borrowed: it comes
	 * before anything else that is sent. */
	void	(*close)(void *conn, uint16_t code, const char *reason,
		    struct slice unsent);

	/* Stop reading from the peer (on), or go on. */
	void	(*pause)(void *conn, bool on);

	/* How many bytes the peer has taken, as far as that is known.  Only
	 * differences between two calls have a meaning.  *more is whether
	 * further bytes are on their way to it. */
	uint64_t (*taken)(void *conn, bool *more);

	/* Where the peer really is, also behind a proxy that we trust; for
	 * limits and lists.  NULL: unknown, as AF_UNSPEC. */
	struct address (*address)(void *conn);

	/* Append the same address, for people.  Returns 0, or -1 when out of
	 * memory. */
	int	(*describe)(void *conn, struct buf *out);
};
