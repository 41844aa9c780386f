/*
 * wamp1.c: WAMP v1 as a protocol of the broker.
 *
 * All of v1 is in this folder: its messages, which receive.c takes and say.c
 * sends, its CURIEs, and the answers of Ratchet, Gos and Oro.
 */
#include "wampd/wamp1/wamp1.h"

#include <stdlib.h>

#include "proto/curie.h"
#include "proto/wamp1.h"
#include "wampd/core/protocol.h"
#include "wampd/core/session.h"
#include "wampd/wamp1/receive.h"
#include "wampd/wamp1/say.h"

static void
wamp1_closed(struct session *s)
{
	struct prefixes *prefixes = s->protocol_data;

	if (prefixes != NULL)
		prefixes_clear(prefixes);
	free(prefixes);
	s->protocol_data = NULL;
}

const struct protocol protocol_wamp1 = {
	.name = WAMP1_SUBPROTOCOL,
	.opened = wamp1_say_welcome,
	.receive = wamp1_receive,
	.oversized = wamp1_receive_oversized,
	.closed = wamp1_closed,
	.event = wamp1_say_event,
	.result = wamp1_say_result,
	.failed = wamp1_say_failed,
	.refused = wamp1_say_refused,
	.error_uri = wamp1_say_error_uri,
};
