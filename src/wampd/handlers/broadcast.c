/*
 * broadcast.c: the handler that gives every event to every subscriber.
 *
 * As Oro's BroadcastTopic: the handler decides nothing itself, and exclude and
 * eligible are honoured.  The lists of the declaration say who may subscribe
 * and publish.
 */
#include "wampd/core/handler.h"
#include "wampd/handlers/types.h"

const struct handler_type handler_broadcast = {
	.name = "broadcast",
};
