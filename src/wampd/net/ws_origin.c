/*
 * ws_origin.c: judging where the request of a connection comes from.
 */
#include "wampd/net/ws_conn.h"

/* The causes, and what their log lines are about. */
static enum http_cause
cause_of(enum origin_fault fault)
{
	switch (fault) {
	case ORIGIN_BAD_HOST:
		return HTTP_CAUSE_FOREIGN_HOST;
	case ORIGIN_FOREIGN:
		return HTTP_CAUSE_FOREIGN_ORIGIN;
	case ORIGIN_MALFORMED:
	case ORIGIN_MISSING:
	case ORIGIN_FINE:
	default:
		return HTTP_CAUSE_ORIGIN;
	}
}

bool
conn_is_forwarded(const struct http_request *req)
{
	struct slice fields = req->fields;
	struct http_field f;

	while (http_field_next(&fields, &f))
		if (origin_is_forwarding(f.name))
			return true;
	return false;
}

int
conn_judge_origin(struct ws_conn *c, const struct http_request *req,
    struct slice forwarded_host, struct http_refusal *why)
{
	const struct origin_rules *rules = &c->ws->origin;
	struct origin_request ask = {
		.host = req->authority,
		.forwarded_host = forwarded_host,
		.upgrade = handshake_is_upgrade(req),
		.tls = c->stream.tls != NULL,
		.forwarded = c->visit->proxied,
		.peer = c->visit->peer,
	};
	struct origin_verdict v;

	ask.n_origins = http_field_find(req->fields, "origin", &ask.origin);
	if (rules->by_address && !ask.forwarded)
		ask.forwarded = conn_is_forwarded(req);
	if (!c->visit->proxied && origin_needs_own(rules, &ask.peer))
		ask.own = address_of_socket(c->stream.fd);
	v = origin_judge(rules, &ask);
	c->visit->local = v.local;
	c->visit->no_origin = v.fault == ORIGIN_MISSING;
	if (v.fault == ORIGIN_FINE || v.fault == ORIGIN_MISSING)
		return 0;
	*why = (struct http_refusal){
		.cause = cause_of(v.fault),
		.seen = v.fault != ORIGIN_BAD_HOST ? ask.origin :
		    ask.forwarded_host.len > 0 ? ask.forwarded_host :
		    ask.host,
		.key = v.key,
	};
	return -1;
}
