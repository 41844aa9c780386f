/*
 * handlers.c: the procedure that lists handlers.
 */
#include "wampd/admin/handlers.h"

#include <inttypes.h>

#include "proto/json.h"
#include "wampd/admin/listing.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"

static const void *
handler_first(const struct generation *g)
{
	return g->handlers != NULL ? g->handlers : g->open_handler;
}

static const void *
handler_next(const struct generation *g, const void *item)
{
	(void)g;
	return ((const struct handler *)item)->next;
}

/* Looking at it is no change of the handler. */
static int
handler_describe(struct broker *b, const void *item, struct buf *out)
{
	struct handler *h = (struct handler *)(uintptr_t)item;
	double events = speed_look(&h->event_speed, h->counts.events, b->now,
	    b->now);
	double calls = speed_look(&h->call_speed, h->counts.calls, b->now,
	    b->now);

	if (buf_add_str(out, "{\"handler\":") == -1 ||
	    json_quote(out, slice_str(h->name)) == -1 ||
	    buf_addf(out, ",\"type\":\"%s\",\"events\":%" PRIu64
	    ",\"event_rate\":%.3f,\"calls\":%" PRIu64 ",\"call_rate\":%.3f",
	    h->type->name, h->counts.events, events,
	    h->counts.calls, calls) == -1 ||
	    (h->type->describe != NULL && h->type->describe(h, out) == -1))
		return -1;
	return buf_add_char(out, '}');
}

int
admin_handlers(struct call *c)
{
	static const struct listing_kind kind = {
		handler_first, handler_next, handler_describe
	};

	return admin_listing_call(c, &kind);
}
