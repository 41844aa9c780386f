/*
 * broadcast.c: the handler that gives every event to every subscriber.
 *
 * Oro's BroadcastTopic: no decision of its own, exclude and eligible are
 * honoured.  Who may subscribe and publish is the lists' business.
 */
#include "wampd/handler.h"
#include "wampd/publish.h"

static long
broadcast_publish(struct handler *h, struct publication *p, struct errbuf *e)
{
	long delivered = publish_broadcast(p);

	(void)h;
	if (delivered == -1)
		err_set(e, "out of memory");
	return delivered;
}

const struct handler_type handler_broadcast = {
	.name = "broadcast",
	.publish = broadcast_publish,
};
