/*
 * ws_refuse.c: refusing the request of a connection.
 */
#include <time.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"
#include "wampd/net/ws_count.h"

/* Append what is known besides: whom the proof names, and what to do. */
static int
add_details(struct buf *out, const struct http_refusal *why)
{
	const char *remedy = http_cause_remedy(why->cause);

	if (why->user.len > 0 &&
	    buf_addf(out, " user=%s", log_quote(why->user).s) == -1)
		return -1;
	if (why->reason != NULL &&
	    buf_addf(out, " reason=\"%s\"", why->reason) == -1)
		return -1;
	if (why->seen.p != NULL &&
	    buf_addf(out, " value=%s", log_quote(why->seen).s) == -1)
		return -1;
	if (why->key != NULL)
		return buf_addf(out, ": to allow it, set %s", why->key);
	return remedy == NULL ? 0 : buf_addf(out, ": %s", remedy);
}

static void
log_refusal(const struct address *peer, const struct http_refusal *why,
    bool answered)
{
	struct buf address = { 0 }, status = { 0 }, more = { 0 };

	if (address_describe(peer, &address) == -1 || (answered &&
	    buf_addf(&status, "status=%u ",
	    http_cause_status(why->cause)) == -1) ||
	    add_details(&more, why) == -1 || buf_cstr(&status) == NULL ||
	    buf_cstr(&more) == NULL)
		goto out;
	log_info("transport=ws address=%s refused %scause=%s%s",
	    log_quote(buf_slice(&address)).s, status.data,
	    http_cause_name(why->cause), more.data);
out:
	buf_clear(&address);
	buf_clear(&status);
	buf_clear(&more);
}

void
ws_refused(struct ws *w, const struct address *peer,
    const struct http_refusal *why, bool answered)
{
	ws_count_refusal(&w->broker->stats, why->cause);
	if (log_on(LOG_LEVEL_INFO) && door_may_log(&w->door, w->broker->now))
		log_refusal(peer, why, answered);
}

void
conn_refuse(struct ws_conn *c, const struct http_refusal *why, bool head_only)
{
	struct http_refusal r = *why;
	struct buf out = { 0 };

	r.date = (time_t)(c->ws->broker->wall() / 1000);
	r.extra = c->stream.tls != NULL ? c->ws->extra : NULL;
	ws_refused(c->ws, &c->visit->peer, why, true);
	if (http_refusal_write(&r, head_only, &out) == -1 ||
	    stream_put(&c->stream, out.data, out.len) == -1)
		conn_close(c);
	else
		conn_farewell(c);
	buf_clear(&out);
}
