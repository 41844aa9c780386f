/*
 * oro.h: connects to a WebSocket server as Oro's back end does.  The address is
 * in ORO_WEBSOCKET_BACKEND_DSN.  A ticket for no user is made with ORO_SECRET.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define ORO_ORIGIN	"127.0.0.1"	/* always allowed by Oro */

struct oro_dsn {
	const char *url;	/* ws:// or wss://; all in the arena */
	const char *user_agent;	/* NULL: none, as below */
	const char *cafile;
	const char *local_cert;
	const char *local_pk;
	bool	    any_chain;	/* verify_peer=false */
	bool	    any_name;	/* verify_peer_name=false */
	bool	    self_signed; /* allow_self_signed=true */
};

/* Read "ssl://example.com:443/ws?context_options[verify_peer]=false" into a
 * zeroed *out.  If it is empty or its host is "null", the feature is off and
 * url stays NULL. 0 or -1. */
int	oro_dsn_parse(struct oro_dsn *out, const char *dsn,
	    struct arena *mem, struct errbuf *e);

/* Append an anonymous ticket.  0 or -1. */
int	oro_ticket(struct buf *out, const char *secret, const char *nonce,
	    const char *created, struct errbuf *e);

/* Append an anonymous ticket with the current time.  0 or -1. */
int	oro_ticket_now(struct buf *out, const char *secret,
	    struct errbuf *e);
