/*
 * handshake.h: the WebSocket handshake of the server (RFC 6455 section 4.2), on
 * a request that was read by http_request_read().
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/net/http_refusal.h"
#include "wampd/net/http_request.h"

#define HANDSHAKE_ACCEPT_SIZE	29	/* 20 bytes in base64, and NUL */

struct evp_md_ctx_st;
struct evp_md_st;

/* The digest, which takes long to find; one serves all handshakes of a
 * thread. */
struct handshake_digest {
	struct evp_md_st     *sha1;	/* owned */
	struct evp_md_ctx_st *ctx;	/* owned */
};

struct handshake_rules {
	struct handshake_digest *digest;	/* borrowed */
	const char *const	*protocols;	/* borrowed; subprotocols that
						 * are spoken, to NULL */
	bool			 require_protocol; /* one must be offered */
	bool			 deflate;	/* hand out the offers */
};

struct handshake {
	const char  *protocol;	/* borrowed from the rules; NULL: none */
	struct slice offers;	/* borrowed from the head: for
				 * handshake_offer_next() */
	char	     accept[HANDSHAKE_ACCEPT_SIZE];
};

/* Find the digest; 0 or -1.  And free it. */
int	handshake_digest_init(struct handshake_digest *d, struct errbuf *e);
void	handshake_digest_clear(struct handshake_digest *d);

/* Whether it asks for a WebSocket: Upgrade lists "websocket". */
bool	handshake_is_upgrade(const struct http_request *req);

/* Check a request in the order of Ratchet's checks.  0, or -1 with the
 * refusal in *why, whose names are borrowed from the rules. */
int	handshake_check(const struct http_request *req,
	    const struct handshake_rules *rules, struct handshake *h,
	    struct http_refusal *why);

/* The next extension that the client offers, such as
 * "permessage-deflate; client_max_window_bits", well-formed (section 9.1), with
 * blanks as the client put them around ";" and "=".  *offers moves; false at
 * the end. */
bool	handshake_offer_next(struct slice *offers, struct slice *offer);

/* Append the answer 101.  extension is the value of Sec-WebSocket-Extensions,
 * or NULL; extra is more lines of fields, each with CR LF, or NULL.  0, or -1
 * when out of memory: then a part of it may be there. */
int	handshake_write(const struct handshake *h, const char *extension,
	    const char *extra, struct buf *out);
