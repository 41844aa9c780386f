/*
 * closed.c: the handler of routes whose own handler is declared nowhere.
 *
 * Nobody knows what the missing handler would allow.  So this one refuses every
 * request, also those of local peers and back ends, and tells why.  A
 * configuration cannot name this type.
 */
#include "wampd/core/call.h"
#include "wampd/core/handler.h"
#include "wampd/handlers/types.h"

static void
refuse(const struct handler *h, struct errbuf *e)
{
	err_set(e, "closed: the handler \"%s\" is declared nowhere", h->name);
}

static enum verdict
closed_subscribe(struct handler *h, struct topic *t, struct session *s,
    struct errbuf *e)
{
	(void)t;
	(void)s;
	refuse(h, e);
	return VERDICT_NO;
}

static enum verdict
closed_publish(struct handler *h, struct publication *p, long *delivered,
    struct errbuf *e)
{
	(void)p;
	(void)delivered;
	refuse(h, e);
	return VERDICT_NO;
}

static enum verdict
closed_call(struct handler *h, struct call *c)
{
	c->failure.kind = FAILURE_FORBIDDEN;
	refuse(h, &c->failure.reason);
	return VERDICT_NO;
}

static enum verdict
closed_may(struct handler *h, enum declare_action action,
    const struct topic *t, const struct principal *p, struct errbuf *e)
{
	(void)action;
	(void)t;
	(void)p;
	refuse(h, e);
	return VERDICT_NO;
}

const struct handler_type handler_closed = {
	.name = "closed",
	.subscribe = closed_subscribe,
	.publish = closed_publish,
	.call = closed_call,
	.may = closed_may,
};
