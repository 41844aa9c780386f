/*
 * ws_conn.h: internals of ws.c: a WebSocket connection, and how it is opened.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "client/lws_load.h"
#include "client/transport.h"
#include "client/url.h"
#include "client/ws_frame.h"

#define WS_MASKS	64		/* getentropy() gives 256 bytes */
#define WS_REASON_MAX	123		/* RFC 6455 section 5.5 */

struct ws {
	struct lws_api api;
	struct lws_context *context;	/* owned */
	struct lws *wsi;		/* the context's; NULL when closed */
	struct lws_protocols protocols[2];
	struct ws_url url;
	struct transport_up up;
	lws_sorted_usec_list_t alarm;	/* ends a wait inside lws_service() */
	bool trace;
	/* connecting */
	const struct client_target *target;	/* borrowed until it is open */
	struct buf path;		/* of the request, a C string */
	struct errbuf certificate;	/* not "": why it is not accepted */
	bool established;
	bool may_pass;			/* the failure may be temporary */
	/* connected */
	struct buf in;			/* the fragments of a message */
	struct buf out;			/* frames that libwebsockets has not got
					 * yet */
	unsigned char masks[WS_MASKS][WS_MASK_SIZE];
	size_t masks_left;
	uint64_t received;		/* callbacks with data */
	uint64_t heard;			/* signs of life */
	bool closing;			/* our CLOSE is queued */
	bool closed;			/* no more data will come */
	unsigned close_code;		/* of the peer's CLOSE; 0: none came */
	char close_reason[WS_REASON_MAX + 1];
	struct errbuf why;		/* not "": why it failed */
};

/* Connect the zeroed t, whose up and protocols are set. */
enum exit_status ws_conn_open(struct ws *t,
	    const struct client_target *target, int64_t until_ms,
	    struct client_attempt *attempt, struct errbuf *e);

/* The part of the libwebsockets callback for connecting. */
int	ws_conn_event(struct ws *t, struct lws *wsi,
	    enum lws_callback_reasons reason, void *in, size_t len);

void	ws_conn_free(struct ws *t);
