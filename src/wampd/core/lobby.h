/*
 * lobby.h: how sessions come and go.
 */
#pragma once

struct broker;
struct principal;
struct protocol;
struct session;
struct transport_ops;

/* A new peer: makes the session, which says the first word of its protocol and
 * takes a reference of its own to the principal.
 * NULL, with the reason logged, when limits or memory refuse it; then the
 * transport drops it. */
struct session *lobby_open(struct broker *b, const struct transport_ops *ops,
	    const struct protocol *protocol, void *conn,
	    const struct principal *principal);

/* Take it out of every list and free it (at the end of a turn). */
void	lobby_free(struct session *s);
