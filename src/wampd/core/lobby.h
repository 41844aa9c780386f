/*
 * lobby.h: how sessions come and go.
 *
 * Where it is known at once who the peer is, its session is open from the
 * start.  Where that takes an answer of somebody else, the session is pending
 * until then.  A pending session counts against limits.sessions, but nobody
 * sees it and it gets nothing.  It is not read from: what its transport has
 * handed over already is kept and handled once the session is open.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct broker;
struct principal;
struct protocol;
struct session;
struct transport_ops;

/* A new peer: makes the session, which says the first word of its protocol and
 * takes a reference of its own to the principal.  NULL, with the reason logged,
 * when limits or memory refuse it; then the transport drops it. */
struct session *lobby_open(struct broker *b, const struct transport_ops *ops,
	    const struct protocol *protocol, void *conn,
	    const struct principal *principal);

/* The same for a peer of whom it is not known who it is: makes a pending
 * session, which ends when max_wait ms have passed.  Whoever finds out who it
 * is keeps a part of its ledger, to be told when the session ends before. */
struct session *lobby_begin(struct broker *b, const struct transport_ops *ops,
	    const struct protocol *protocol, void *conn, int64_t max_wait);

/* Open a pending session, which takes a reference of its own to the principal.
 * Called as receive_message() is, since it handles messages.  Whether the
 * session is open now: it or its first messages may have ended it. */
bool	lobby_admit(struct session *s, const struct principal *principal);

/* End a pending session, with that close code and reason (static). */
void	lobby_refuse(struct session *s, uint16_t code, const char *reason);

/* End the pending sessions that have waited too long.  In how many ms the next
 * one will have, or -1. */
int64_t	lobby_tick(struct broker *b);

/* End all of them. */
void	lobby_empty(struct broker *b);

/* Take it out of every list and free it (at the end of a turn). */
void	lobby_free(struct session *s);
