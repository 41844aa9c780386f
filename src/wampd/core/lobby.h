/*
 * lobby.h: opening, refusing and freeing sessions.
 *
 * If the peer is identified when it connects, its session is open at once.  If
 * somebody else must be asked who it is, its session is pending until that is
 * known.  A pending session counts against limits.sessions, but others do not
 * see it, and it gets nothing.  It is not read from.  Messages that the
 * transport has read already are kept, and handled when the session is open.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct address;
struct broker;
struct principal;
struct protocol;
struct session;
struct transport_ops;

enum lobby_room {
	LOBBY_ROOM,		/* there may be one more session */
	LOBBY_FULL,		/* limits.sessions is reached, */
	LOBBY_FULL_ADDRESS,	/* or limits.sessions_address, */
	LOBBY_FULL_USER,	/* or limits.sessions_user */
};

/* Whether one more session may come from that address, of that principal if it
 * is known.  If not, that is counted and logged: the caller turns the peer
 * away.  Peers that administer the broker always may. */
enum lobby_room lobby_room(struct broker *b, const struct transport_ops *ops,
	    const struct address *from, const struct principal *who);

/* Whether there may be one more session of that user. */
enum lobby_room lobby_user_room(struct broker *b,
	    const struct principal *who);

/* Open a session for a new peer.  The session sends the first message of its
 * protocol, and takes a reference of its own to the principal.  Returns NULL
 * with the reason logged, if there is no room or when out of memory;
 * then the transport closes the connection. */
struct session *lobby_open(struct broker *b, const struct transport_ops *ops,
	    const struct protocol *protocol, void *conn,
	    const struct principal *principal);

/* Make a pending session for a new peer that is not identified yet.  It is
 * closed if it is still pending after max_wait ms.  The code that identifies
 * the peer keeps a part in its ledger, see ledger_keep(), to be told if the
 * session ends before that.  Returns NULL as above. */
struct session *lobby_begin(struct broker *b, const struct transport_ops *ops,
	    const struct protocol *protocol, void *conn, int64_t max_wait);

/* Open a pending session; it takes a reference of its own to the principal.
 * This also handles the messages that were kept, so it must be called where
 * receive_message() may be.  Returns whether the session is open now: it may
 * have ended before, or one of these messages may have ended it. */
bool	lobby_admit(struct session *s, const struct principal *principal);

/* Close a pending session, with that close code and reason (static).  Nothing
 * happens if it is not pending. */
void	lobby_refuse(struct session *s, uint16_t code, const char *reason);

/* Close the pending sessions whose time is up.  Returns in how many ms that of
 * the next one is, or -1 if none is pending. */
int64_t	lobby_tick(struct broker *b);

/* Close all pending sessions. */
void	lobby_empty(struct broker *b);

/* Free a doomed session, at the end of a turn. */
void	lobby_free(struct session *s);
