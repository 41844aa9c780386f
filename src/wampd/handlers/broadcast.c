/*
 * broadcast.c: the handler that gives every event to every subscriber.
 *
 * Oro's BroadcastTopic: no decision of its own, exclude and eligible are
 * honoured.  Who may subscribe and publish is the lists' business.
 */
#include "wampd/core/handler.h"
#include "wampd/handlers/types.h"

const struct handler_type handler_broadcast = {
	.name = "broadcast",
};
