/*
 * guard.c: checks and log lines that are the same for every handler.
 */
#include "wampd/core/guard.h"

#include <inttypes.h>

#include "base/log.h"
#include "route/table.h"
#include "wampd/core/broker.h"
#include "wampd/core/rate.h"

#define WARN_PAUSE	1000	/* ms between two warnings of a handler */

int
guard_admit(struct handler *h, struct session *from, struct slice topic,
    struct slice event, struct errbuf *e)
{
	if (!guard_permits(h, DECLARE_PUBLISH, from->principal, topic)) {
		err_set(e, "%s may not publish here", from->principal->name);
		return -1;
	}
	if (h->max_size > 0 && event.len > h->max_size) {
		err_set(e, "the event is larger than max_size, which is %"
		    PRIu64 " bytes", h->max_size);
		return -1;
	}
	if (h->rate > 0 && !rate_take(from, h)) {
		err_set(e, "too fast: rate is %.0f events a second",
		    h->rate);
		return -1;
	}
	return 0;
}

void
guard_log_line(const struct handler *h, const struct session *s,
    const char *verb, struct slice uri, size_t bytes)
{
	enum log_level level = (enum log_level)h->log;

	if (s != NULL ? session_log_on(s, level) : log_on(level))
		log_always(level, "session=%s %s uri=%s handler=%s bytes=%zu",
		    s != NULL ? s->id : "-", verb, log_quote(uri).s, h->name,
		    bytes);
}

void
guard_warn(struct handler *h, struct slice uri, const char *what)
{
	int64_t now = h->broker->now;
	struct route_attrs attrs;
	const struct route *route;

	if (h->warned != 0 && now - h->warned < WARN_PAUSE) {
		h->silent++;
		return;
	}
	if (h->silent > 0)
		log_warn("handler=%s %u more warnings were not logged",
		    h->name, h->silent);
	(void)generation_route(h->generation, uri, &route, &attrs);
	log_warn("handler=%s route=%s topic=%s %s", h->name, route != NULL ?
	    route->name : "-", log_quote(uri).s, what);
	h->warned = now;
	h->silent = 0;
}

void
guard_exceeds(struct handler *h, struct slice uri, struct errbuf *e)
{
	guard_warn(h, uri, e->msg);
	err_wrap(e, "the handler failed");
}
