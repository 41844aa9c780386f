/*
 * ws_count.c: counting refused requests by their cause.
 */
#include "wampd/net/ws_count.h"

#include <stddef.h>

#include "wampd/core/counters.h"

#define COUNTS(cause, name)						\
	[HTTP_CAUSE_##cause] = offsetof(struct broker_stats, refused_##name)

static const size_t counter_of[HTTP_CAUSES] = {
	COUNTS(TLS_HELLO, tls_hello),
	COUNTS(REQUEST_LINE, bad_request_line),
	COUNTS(LINE_END, bad_line_end),
	COUNTS(LONG_METHOD, long_method),
	COUNTS(TARGET, bad_target),
	COUNTS(LONG_TARGET, long_target),
	COUNTS(VERSION, http_version),
	COUNTS(FIELD, bad_field),
	COUNTS(FOLDED_FIELD, folded_field),
	COUNTS(HOST, bad_host),
	COUNTS(FRAMING, bad_framing),
	COUNTS(EXPECTATION, expectation),
	COUNTS(LARGE_HEAD, large_head),
	COUNTS(ADDRESS, address),
	COUNTS(FORWARDED, bad_forwarded),
	COUNTS(FOREIGN_HOST, foreign_host),
	COUNTS(ORIGIN, bad_origin),
	COUNTS(FOREIGN_ORIGIN, foreign_origin),
	COUNTS(NO_ORIGIN, no_origin),
	COUNTS(CONTENT, content),
	COUNTS(METHOD, method),
	COUNTS(HTTP_METHOD, method),
	COUNTS(NOT_FOUND, not_found),
	COUNTS(NO_UPGRADE, no_upgrade),
	COUNTS(CONNECTION, bad_connection),
	COUNTS(KEY, bad_key),
	COUNTS(WS_VERSION, websocket_version),
	COUNTS(SUBPROTOCOL, bad_subprotocol),
	COUNTS(NO_SUBPROTOCOL, no_subprotocol),
	COUNTS(UNKNOWN_SUBPROTOCOL, unknown_subprotocol),
	COUNTS(EXTENSIONS, bad_extensions),
	COUNTS(NO_PROOF, no_proof),
	COUNTS(BAD_TICKET, bad_ticket),
	COUNTS(TICKET_FUTURE, ticket_future),
	COUNTS(TICKET_EXPIRED, ticket_expired),
	COUNTS(TICKET_REPLAYED, ticket_replayed),
	COUNTS(UNKNOWN_USER, unknown_user),
	COUNTS(WRONG_TICKET, wrong_ticket),
	COUNTS(UNKNOWN_KEY, unknown_key),
	COUNTS(TICKET_FOREIGN, ticket_foreign),
	COUNTS(LOOKUP_FAILED, lookup_failed),
	COUNTS(BUSY, busy),
	COUNTS(TIMEOUT, timeout),
	COUNTS(FULL, full),
	COUNTS(FULL_ADDRESS, full_address),
	COUNTS(FULL_USER, full_user),
	COUNTS(INTERNAL, internal),
};

void
ws_count_refusal(struct broker_stats *stats, enum http_cause cause)
{
	uint64_t *n = (uint64_t *)(void *)((char *)stats +
	    counter_of[cause]);

	++*n;
}
