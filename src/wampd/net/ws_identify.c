/*
 * ws_identify.c: finding out who sends a request.
 *
 * While somebody else is asked, the request stays where it is, in front of the
 * stream.  It is judged again once the answer is known.
 */
#include "wampd/auth/identify.h"
#include "wampd/core/broker.h"
#include "wampd/core/expiry.h"
#include "wampd/net/stream.h"
#include "wampd/net/tls.h"
#include "wampd/net/ws_conn.h"

#define RETRY_AFTER	1	/* second, when too many are being checked */

static const enum http_cause causes[IDENTITY_CAUSES] = {
	[IDENTITY_NO_PROOF] = HTTP_CAUSE_NO_PROOF,
	[IDENTITY_BAD_TICKET] = HTTP_CAUSE_BAD_TICKET,
	[IDENTITY_FUTURE] = HTTP_CAUSE_TICKET_FUTURE,
	[IDENTITY_EXPIRED] = HTTP_CAUSE_TICKET_EXPIRED,
	[IDENTITY_UNKNOWN_USER] = HTTP_CAUSE_UNKNOWN_USER,
	[IDENTITY_WRONG_TICKET] = HTTP_CAUSE_WRONG_TICKET,
	[IDENTITY_UNKNOWN_KEY] = HTTP_CAUSE_UNKNOWN_KEY,
	[IDENTITY_FOREIGN] = HTTP_CAUSE_TICKET_FOREIGN,
	[IDENTITY_REPLAYED] = HTTP_CAUSE_TICKET_REPLAYED,
	[IDENTITY_BUSY] = HTTP_CAUSE_BUSY,
	[IDENTITY_LOOKUP] = HTTP_CAUSE_LOOKUP_FAILED,
	[IDENTITY_INTERNAL] = HTTP_CAUSE_INTERNAL,
};

static const struct principal *
principal_of(const struct ws_conn *c)
{
	return c->visit->local ? &principal_anonymous_loopback :
	    &principal_anonymous;
}

static struct visitor
visitor_of(const struct ws_conn *c, const struct http_request *req)
{
	struct visitor v = {
		.peer = &c->visit->peer,
		.query = req->query,
		.unproved = principal_of(c),
	};

	v.ambiguous = http_field_find(req->fields, "authorization",
	    &v.authorization) > 1;
	v.ambiguous |= http_field_find(req->fields, "cookie", &v.cookies) > 1;
	v.has_origin = http_field_find(req->fields, "origin", &v.origin) > 0;
	v.disguised = !c->visit->proxied && conn_is_forwarded(req);
	return v;
}

static void
conn_reject(struct ws_conn *c, const struct identity_refusal *why)
{
	const struct http_refusal refusal = {
		.cause = causes[why->cause],
		.user = slice_str(why->user),
		.reason = why->reason,
		.retry_after = why->cause == IDENTITY_BUSY ? RETRY_AFTER : 0,
	};

	conn_refuse(c, &refusal, c->visit->head_only);
}

static void
on_identified(struct identity_ask *ask, const struct principal *p,
    const struct identity_refusal *why)
{
	struct ws_visit *v = (struct ws_visit *)(void *)((char *)ask -
	    offsetof(struct ws_visit, ask));
	struct ws_conn *c = v->conn;

	streams_set_now(c->ws->streams);
	if (p == NULL) {
		conn_reject(c, why);
		return;
	}
	v->principal = principal_ref(p);
	v->admitted = true;
	v->scan = (struct http_scan){ 0 };
	conn_move(c, CONN_HEAD);
	stream_pause(&c->stream, false);
}

int
conn_bind_time(struct ws_conn *c)
{
	struct broker *b = c->ws->broker;
	int64_t time;

	if (c->ws->identify == NULL)
		return 0;
	time = identify_session_time(c->ws->identify, &c->visit->ask,
	    c->visit->principal, b->wall());
	return time == -1 ? 0 : expiry_set(c->session, b->now + time);
}

void
conn_is_busy(struct ws_conn *c)
{
	const struct identity_refusal busy = { .cause = IDENTITY_BUSY };

	conn_reject(c, &busy);
}

size_t
conn_more_input(struct ws_conn *c, size_t n)
{
	if (n > c->ws->limit_head)
		stream_pause(&c->stream, true);
	return 0;
}

/* Who it is, is known.  Only a program sends no Origin; where one is wanted,
 * the program must have proved something. */
static bool
conn_is_known(struct ws_conn *c)
{
	const struct http_refusal why = { .cause = HTTP_CAUSE_NO_ORIGIN };

	if (!c->visit->no_origin || principal_in(c->visit->principal,
	    WHO_AUTHENTICATED | WHO_BACKEND))
		return true;
	conn_refuse(c, &why, c->visit->head_only);
	return false;
}

/* With the client's certificate, if it counts. */
static enum identified
conn_ask(struct ws_conn *c, struct visitor *v, struct identity_refusal *why)
{
	struct ws_visit *visit = c->visit;
	struct tls_facts facts;
	enum identified found;

	visit->ask = (struct identity_ask){ .done = on_identified };
	if (!c->ws->identify->certificates || c->stream.tls == NULL ||
	    tls_conn_facts(c->stream.tls, &facts) == -1)
		return identify_begin(c->ws->identify, v, &visit->ask,
		    &visit->principal, why);
	v->certificate = &facts.certificate;
	found = identify_begin(c->ws->identify, v, &visit->ask,
	    &visit->principal, why);
	tls_facts_clear(&facts);
	return found;
}

bool
conn_identify(struct ws_conn *c, const struct http_request *req)
{
	struct ws_visit *visit = c->visit;
	struct visitor v = visitor_of(c, req);
	struct identity_refusal why;

	visit->head_only = http_request_is_head(req);
	if (visit->principal != NULL)
		return conn_is_known(c);
	if (c->ws->identify == NULL) {
		visit->principal = v.unproved;
		return conn_is_known(c);
	}
	switch (conn_ask(c, &v, &why)) {
	case IDENTITY_KNOWN:
		return conn_is_known(c);
	case IDENTITY_ASKING:
		conn_move(c, CONN_ASKING);
		return false;
	default:
		conn_reject(c, &why);
		return false;
	}
}
