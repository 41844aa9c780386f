/*
 * ws_refuse.c: refusing the request of a connection.
 */
#include <time.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"
#include "wampd/net/ws_count.h"

static void
log_refusal(struct ws_conn *c, const struct http_refusal *why)
{
	struct buf text = { 0 };

	if (!log_on(LOG_LEVEL_INFO) ||
	    !door_may_log(&c->ws->door, c->ws->broker->now))
		return;
	if (address_describe(&c->visit->peer, &text) == 0)
		log_info("transport=ws address=%s refused status=%u cause=%s"
		    "%s%s", log_quote(buf_slice(&text)).s,
		    http_cause_status(why->cause),
		    http_cause_name(why->cause),
		    why->user.len > 0 ? " user=" : "",
		    why->user.len > 0 ? log_quote(why->user).s : "");
	buf_clear(&text);
}

void
conn_refuse(struct ws_conn *c, const struct http_refusal *why, bool head_only)
{
	struct http_refusal r = *why;
	struct buf out = { 0 };

	r.date = (time_t)(c->ws->broker->wall() / 1000);
	r.extra = c->stream.tls != NULL ? c->ws->extra : NULL;
	ws_count_refusal(&c->ws->broker->stats, why->cause);
	log_refusal(c, why);
	if (http_refusal_write(&r, head_only, &out) == -1 ||
	    stream_put(&c->stream, out.data, out.len) == -1)
		conn_close(c);
	else
		conn_farewell(c);
	buf_clear(&out);
}
