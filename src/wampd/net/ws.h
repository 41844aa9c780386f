/*
 * ws.h: the WebSocket transport (RFC 6455), and the door for everything that
 * speaks HTTP to the broker.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wampd/auth/origin.h"

struct address;
struct addresses;
struct broker;
struct identify;
struct networks;
struct protocol;
struct site_page;
struct site_server;
struct streams;
struct tls;
struct ws;

struct ws_settings {
	struct tls	*tls;		/* borrowed; NULL: none */
	struct identify	*identify;	/* borrowed; NULL: nobody can prove who
					 * he is */
	const struct protocol *protocol; /* static; what sessions speak */
	const struct addresses *addresses; /* borrowed; NULL: all may
					 * connect */
	const struct networks *readers;	/* borrowed; who may read guarded
					 * pages; NULL: who comes where HTTP
					 * alone is spoken, and who counts as
					 * local */
	int64_t		 handshake;	/* ms from the first byte to a
					 * session */
	size_t		 handshakes;	/* under way at one time */
	size_t		 handshakes_address; /* of these, from one address */
	size_t		 limit_head;	/* bytes of a request */
	const char *const *paths;	/* borrowed; of WebSockets */
	size_t		 npaths;	/* 0: any path */
	int64_t		 hsts;		/* ms, for Strict-Transport-Security;
					 * 0: not said */
	struct origin_rules origin;	/* its lists are borrowed; NULL: there
					 * is none */
	bool		 require_protocol; /* clients must offer it */
	bool		 deflate;	/* messages may be compressed */
	void		*source;	/* taken; owns what is borrowed here,
					 * except by the first five; or NULL */
	void		(*source_free)(void *source); /* in the thread of the
					 * loop; NULL: not at all */
};

/* NULL with *e filled on failure. */
struct ws *ws_new(struct streams *streams, struct broker *b,
	    const struct ws_settings *set, struct errbuf *e);

struct ws_rules;

/*
 * Change the settings while it serves, except the first five.  New requests are
 * judged by the new ones; sessions go on.
 *
 * ws_prepare() changes nothing, and may run in any thread if nobody calls
 * ws_serve() or ws_serve_page() meanwhile.  NULL with *e filled when out of
 * memory.  ws_commit() takes the result; ws_discard() frees it instead, and
 * accepts NULL.
 */
struct ws_rules *ws_prepare(const struct ws *w,
	    const struct ws_settings *set, struct errbuf *e);
void	ws_commit(struct ws *w, struct ws_rules *fresh);
void	ws_discard(struct ws_rules *fresh);

/* Serve the requests for a path that are no WebSocket handshakes; see site.h.
 * Both are borrowed.  0, or -1 when out of memory. */
int	ws_serve(struct ws *w, const char *path,
	    const struct site_server *server);

/* Serve a page at that path where HTTP alone is spoken, and, if everywhere is
 * set, also beside WebSockets.  All is borrowed.  0, or -1 when out of
 * memory. */
int	ws_serve_page(struct ws *w, const char *path,
	    const struct site_page *page, bool everywhere);

#define WS_TLS		1u	/* bits: it begins with TLS */
#define WS_PROXY	2u	/* with a PROXY header, even before TLS */
#define WS_PLAIN	4u	/* HTTP alone is spoken, no WebSocket */

/* Add an accepted, non-blocking TCP or Unix socket.  Takes fd, and closes it on
 * failure. */
void	ws_adopt(struct ws *w, int fd, const struct address *peer,
	    unsigned how);

/* Descriptors are running out: close the oldest connection that is no session.
 * Whether there was one. */
bool	ws_make_room(struct ws *w);

/* End the connections whose time is up, and, if `admit` is set, let the next
 * ones become sessions.  Call it once per turn.  Returns in how many ms to call
 * it again, or -1; 0: in the next turn. */
int64_t	ws_turn(struct ws *w, bool admit);

/* Close all connections; no session must be left.  The loop must run until the
 * handles are closed; then call ws_free().  Both accept NULL. */
void	ws_close(struct ws *w);
void	ws_free(struct ws *w);
