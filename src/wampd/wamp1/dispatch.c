/*
 * dispatch.c: what a session's messages do (WAMP v1, server side).
 */
#include "wampd/wamp1/dispatch.h"

#include "base/log.h"
#include "base/utf8.h"
#include "proto/close_code.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/extra.h"
#include "wampd/core/handler.h"
#include "wampd/core/procedure.h"
#include "wampd/core/publish.h"
#include "wampd/core/request.h"
#include "wampd/core/retained.h"
#include "wampd/core/tally.h"

/* ---- refusals ---- */

/* [4, id, uri, desc]: over the control socket, where id is the topic as with
 * Gos, and "" when the message had none. */
static void
send_refusal(struct session *s, struct slice id_json, const char *uri,
    const char *desc)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf text = { 0 };
	size_t uri_len;

	if (json_quote(&text, slice_str(uri)) == -1)
		goto nomem;
	uri_len = text.len;
	if (json_quote(&text, slice_str(desc)) == -1)
		goto nomem;
	session_send_parts(s, parts, wamp1_callerror(parts, id_json,
	    slice_of(text.data, uri_len),
	    slice_of(text.data + uri_len, text.len - uri_len),
	    slice_of(NULL, 0)), false);
	buf_clear(&text);
	return;
nomem:
	buf_clear(&text);
	session_doom(s, 0, "out of memory");
}

static void
violate(struct session *s, uint16_t code, const char *what,
    size_t offset, bool end)
{
	s->broker->stats.violations++;
	/* One that goes on is no flood of warnings. */
	if (!s->warned || end)
		log_warn("session=%s violation offset=%zu: %s", s->id, offset,
		    what);
	s->warned = true;
	if (s->ops->wire == WIRE_LINE)
		send_refusal(s, SLICE("\"\""),
		    "wampd.error.protocol_violation", what);
	if (end)
		session_doom(s, code, what);
}

void
dispatch_violation(struct session *s, uint16_t code, const char *what,
    size_t offset)
{
	violate(s, code, what, offset,
	    s->broker->set.on_violation == ON_VIOLATION_CLOSE);
}

/* [8, topic, {error}] to the requester alone, as BabDev answers. */
static void
send_unroutable_event(struct session *s, const struct topic *t)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf event = { 0 }, message = { 0 };

	if (buf_add_str(&message,
	    "Could not find a message handler for URI \"") == -1 ||
	    buf_add_slice(&message, t->name) == -1 ||
	    buf_add_str(&message, "\".") == -1 ||
	    buf_add_str(&event, "{\"error\":true,\"message\":") == -1 ||
	    json_quote(&event, buf_slice(&message)) == -1 ||
	    buf_add_str(&event, ",\"code\":404,\"uri\":") == -1 ||
	    buf_add_slice(&event, t->json) == -1 ||
	    buf_add_char(&event, '}') == -1)
		session_doom(s, 0, "out of memory");
	else
		session_send_parts(s, parts, wamp1_event(parts, t->json,
		    buf_slice(&event)), false);
	buf_clear(&message);
	buf_clear(&event);
}

void
dispatch_refuse(struct session *s, const struct topic *t, const char *verb,
    enum publish_outcome outcome, const struct errbuf *e)
{
	struct broker *b = s->broker;

	if (!s->warned)
		log_warn("session=%s %s topic=%s refused: %s", s->id, verb,
		    log_quote(t->name).s, e->msg);
	else if (log_on(LOG_LEVEL_DEBUG))
		log_debug("session=%s %s topic=%s refused: %s", s->id, verb,
		    log_quote(t->name).s, e->msg);
	s->warned = true;
	if (s->ops->wire == WIRE_LINE)
		send_refusal(s, t->json, publish_error_uri(outcome), e->msg);
	else if (outcome == PUBLISH_NO_ROUTE &&
	    b->set.unroutable == UNROUTABLE_EVENT)
		send_unroutable_event(s, t);
	else if (outcome == PUBLISH_NO_ROUTE &&
	    b->set.unroutable == UNROUTABLE_CLOSE)
		session_doom(s, CLOSE_INVALID, "no route matches the topic");
}

void
dispatch_refuse_subscribe(struct session *s, const struct topic *t,
    enum publish_outcome outcome, const struct errbuf *e)
{
	if (tally_refuse(s, t->name, outcome, e) == -1)
		session_doom(s, 0, "out of memory");
	else
		dispatch_refuse(s, t, "subscribe", outcome, e);
}

/* ---- URIs ---- */

/* The message's URI, unescaped and with its prefix expanded; borrowed from
 * the message or the broker's scratch.  0, or -1 when the session is doomed
 * or the message is to be dropped. */
static int
message_uri(struct session *s, const struct wamp_msg *m, struct slice *uri)
{
	struct broker *b = s->broker;

	if (json_string(uri, &m->uri, &b->scratch_text) == -1 ||
	    (s->prefixes.n > 0 && curie_expand(uri, &s->prefixes, *uri,
	    b->rules.compat, &b->scratch_uri) == -1)) {
		session_doom(s, 0, "out of memory");
		return -1;
	}
	if (uri->len > URI_MAX) {
		dispatch_violation(s, CLOSE_INVALID, "the URI is too long",
		    0);
		return -1;
	}
	return 0;
}

/* The message's topic, or NULL as message_uri(). */
static struct topic *
message_topic(struct session *s, const struct wamp_msg *m)
{
	struct topic *t;
	struct slice uri;

	if (message_uri(s, m, &uri) == -1)
		return NULL;
	if ((t = topic_obtain(s->broker, uri)) == NULL)
		session_doom(s, 0, "out of memory");
	return t;
}

/* ---- the messages ---- */

/* PREFIX [1, prefix, uri].  No reply. */
static void
on_prefix(struct session *s, const struct wamp_msg *m)
{
	struct broker *b = s->broker;
	struct slice name, uri;

	if (json_string(&name, &m->prefix, &b->scratch_text) == -1 ||
	    json_string(&uri, &m->uri, &b->scratch_uri) == -1) {
		session_doom(s, 0, "out of memory");
		return;
	}
	if (name.len > URI_MAX || uri.len > URI_MAX) {
		dispatch_violation(s, CLOSE_INVALID, "the prefix is too long",
		    0);
		return;
	}
	switch (prefixes_set(&s->prefixes, name, uri)) {
	case CURIE_OK:
		break;
	case CURIE_FULL:
		dispatch_violation(s, CLOSE_INVALID, "too many prefixes", 0);
		break;
	case CURIE_NOMEM:
	default:
		session_doom(s, 0, "out of memory");
		break;
	}
}

int
dispatch_room(const struct session *s, struct errbuf *e)
{
	if (s->nsubs < (uint64_t)s->broker->set.limit_subscriptions)
		return 0;
	err_set(e, "limits.subscriptions is %lld",
	    (long long)s->broker->set.limit_subscriptions);
	return -1;
}

/* May it subscribe?  PUBLISH_OK, or the reason in *e. */
static enum publish_outcome
subscribe_permit(struct session *s, struct topic *t, struct errbuf *e)
{
	struct handler *h = t->handler;

	if (h == NULL) {
		err_set(e, "no route matches the topic");
		return PUBLISH_NO_ROUTE;
	}
	if (!acl_allows(&h->subscribe, s->principal)) {
		err_set(e, "%s may not subscribe here", s->principal->name);
		return PUBLISH_FORBIDDEN;
	}
	if (dispatch_room(s, e) == -1)
		return PUBLISH_FORBIDDEN;
	if (h->type->subscribe == NULL)
		return PUBLISH_OK;
	handler_stir(h);
	switch (h->type->subscribe(h, t, s, e)) {
	case VERDICT_YES:
	case VERDICT_DONE:
		return PUBLISH_OK;
	case VERDICT_LATER:
		return PUBLISH_LATER;
	case VERDICT_NO:
	default:
		return PUBLISH_FORBIDDEN;
	}
}

void
dispatch_join(struct session *s, struct topic *t)
{
	int rc = topic_add(s->broker, t, s);

	if (rc == -1)
		session_doom(s, 0, "out of memory");
	if (rc != 1)
		return;
	if (log_on(LOG_LEVEL_DEBUG))
		log_debug("session=%s subscribe topic=%s", s->id,
		    log_quote(t->name).s);
	/* Who watches the topic has got that. */
	if (t->retained != NULL && !watch_covers(s->broker, t->name, s))
		retained_send(s, t->retained);
}

/* SUBSCRIBE [5, topic].  No reply; twice is once. */
static void
on_subscribe(struct session *s, const struct wamp_msg *m)
{
	enum publish_outcome outcome;
	struct errbuf e;
	struct topic *t;

	if ((t = message_topic(s, m)) == NULL ||
	    topic_has(s->broker, t, s) ||
	    request_find_subscribe(s, t->name) != NULL)
		return;
	outcome = subscribe_permit(s, t, &e);
	if (outcome == PUBLISH_OK)
		dispatch_join(s, t);
	else if (outcome != PUBLISH_LATER)
		dispatch_refuse_subscribe(s, t, outcome, &e);
}

/* UNSUBSCRIBE [6, topic].  No reply; a topic it never joined is nothing. */
static void
on_unsubscribe(struct session *s, const struct wamp_msg *m)
{
	struct broker *b = s->broker;
	struct request *r;
	struct topic *t;
	struct slice uri;

	if (message_uri(s, m, &uri) == -1)
		return;
	if ((t = topic_find(b, uri)) != NULL)
		topic_remove(b, t, s);
	if ((r = request_find_subscribe(s, uri)) != NULL)
		r->cancelled = true;
}

/* PUBLISH [7, topic, event, excludeMe | exclude, eligible].  No reply: what
 * became of it is counted for wampd.barrier. */
static void
on_publish(struct session *s, const struct wamp_msg *m)
{
	struct publication p = {
		.broker = s->broker,
		.from = s,
		.event = m->event.text,
		.newline = m->event.newline,
		.retain = s->extra != NULL && s->extra->retain,
		.exclude = m->exclude,
		.exclude_list = m->exclude_list,
		.has_eligible = m->has_eligible,
		.eligible = m->eligible,
	};
	enum publish_outcome outcome;
	struct errbuf e;
	long delivered;

	if ((p.topic = message_topic(s, m)) == NULL)
		return;
	if ((p.index = tally_number(s)) == 0) {
		session_doom(s, 0, "out of memory");
		return;
	}
	outcome = publish(&p, &delivered, &e);
	if (outcome == PUBLISH_LATER)
		return;
	if (tally_count(s, p.topic->name, p.index, outcome, delivered,
	    &e) == -1)
		session_doom(s, 0, "out of memory");
	else if (outcome != PUBLISH_OK)
		dispatch_refuse(s, p.topic, "publish", outcome, &e);
}

/* CALL [2, id, procedure, arguments...].  One CALLRESULT or CALLERROR. */
static void
on_call(struct session *s, const struct wamp_msg *m)
{
	struct slice uri;

	s->broker->stats.calls++;
	if (message_uri(s, m, &uri) == 0)
		procedure_call(s, m, uri);
}

/* The messages a server takes, by type. */
static void (*const on_message[])(struct session *,
    const struct wamp_msg *) = {
	[WAMP_PREFIX] = on_prefix,
	[WAMP_CALL] = on_call,
	[WAMP_SUBSCRIBE] = on_subscribe,
	[WAMP_UNSUBSCRIBE] = on_unsubscribe,
	[WAMP_PUBLISH] = on_publish,
};

void
dispatch_message(struct session *s, struct slice text)
{
	struct wamp1_error e;
	struct wamp_msg m;

	if (wamp1_parse(&m, text, &s->broker->rules, &e) == 0)
		on_message[m.type](s, &m);
	else if (s->ops->wire == WIRE_WS && !utf8_valid(text))
		/* WebSocket's own rule (RFC 6455 section 8.1), wherever the
		 * message is wrong first. */
		violate(s, CLOSE_INVALID, e.what, e.offset, true);
	else
		dispatch_violation(s, e.close_code, e.what, e.offset);
}
