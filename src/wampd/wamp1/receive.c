/*
 * receive.c: the messages of WAMP v1 that a server takes.
 *
 * Each message has an on_* function, which reads the message and calls the
 * core.
 */
#include "wampd/wamp1/receive.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/utf8.h"
#include "proto/close_code.h"
#include "proto/curie.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/ledger.h"
#include "wampd/core/publish.h"
#include "wampd/core/refuse.h"
#include "wampd/core/request.h"
#include "wampd/core/sub.h"
#include "wampd/core/subscribe.h"
#include "wampd/core/tally.h"
#include "wampd/wamp1/say.h"

/* ---- violations ---- */

static void
violate(struct session *s, uint16_t code, const char *what,
    size_t offset, bool end)
{
	s->broker->stats.violations++;
	/* Warn once; a session that goes on could flood the log. */
	if (!s->warned || end)
		log_warn("session=%s violation offset=%zu: %s", s->id, offset,
		    what);
	s->warned = true;
	if (s->ops->trusted)
		wamp1_say_refusal(s, SLICE("\"\""),
		    "wampd.error.protocol_violation", what);
	if (end)
		session_doom(s, code, what);
}

/* The peer broke the protocol: log that once, without the payload, and close
 * the session with that code, unless the configuration says `ignore`.  what is
 * static. */
static void
violation(struct session *s, uint16_t code, const char *what,
    size_t offset)
{
	violate(s, code, what, offset,
	    s->broker->set.on_violation == ON_VIOLATION_CLOSE);
}

/* ---- URIs ---- */

/* Check the length of a URI or a prefix, which are kept.  0, or -1 if the
 * session is doomed or the message must be dropped. */
static int
check_length(struct session *s, size_t len, const char *what)
{
	if (len <= s->broker->set.limit_topic_length)
		return 0;
	s->broker->stats.limited_topic_length++;
	violation(s, CLOSE_INVALID, what, 0);
	return -1;
}

/* The URI of the message, unescaped and with its prefix expanded.  It is
 * borrowed from the message or from the broker's scratch.  0, or -1 if the
 * session is doomed or the message must be dropped. */
static int
message_uri(struct session *s, const struct wamp_msg *m, struct slice *uri)
{
	struct broker *b = s->broker;
	const struct prefixes *prefixes = s->protocol_data;

	if (json_string(uri, &m->uri, &b->scratch_text) == -1 ||
	    (prefixes != NULL && curie_expand(uri, prefixes, *uri,
	    (enum wamp_compat)b->set.compat, &b->scratch_uri) == -1)) {
		session_doom(s, 0, "out of memory");
		return -1;
	}
	return check_length(s, uri->len, "the URI is longer than "
	    "limits.topic_length");
}

/* The topic of the message, or NULL, as with message_uri(). */
static struct topic *
message_topic(struct session *s, const struct wamp_msg *m)
{
	struct topic *t;
	struct slice uri;

	if (message_uri(s, m, &uri) == -1)
		return NULL;
	if ((t = topic_obtain(&s->broker->topics, uri)) == NULL)
		session_doom(s, 0, "out of memory");
	return t;
}

/* ---- the messages ---- */

/* Few sessions use prefixes, so only they have memory for them.  NULL when out
 * of memory. */
static struct prefixes *
prefixes_obtain(struct session *s)
{
	if (s->protocol_data == NULL)
		s->protocol_data = calloc(1, sizeof(struct prefixes));
	return s->protocol_data;
}

/* Keep a prefix, on the account of the session. */
static void
keep_prefix(struct session *s, struct slice name, struct slice uri)
{
	struct prefixes *p = prefixes_obtain(s);
	struct broker *b = s->broker;
	size_t before = p != NULL ? p->bytes : 0;
	struct errbuf e;

	if (account_check(s, prefix_size(name, uri), &e) == -1) {
		violation(s, CLOSE_INVALID, "its prefixes take too much "
		    "memory: limits.memory_session is reached", 0);
		return;
	}
	switch (p == NULL ? CURIE_NOMEM : prefixes_set(p, name, uri,
	    (size_t)b->set.limit_prefixes)) {
	case CURIE_OK:
		account_refund(s, before);
		account_charge(s, p->bytes);
		break;
	case CURIE_FULL:
		b->stats.limited_prefixes++;
		violation(s, CLOSE_INVALID, "it has more prefixes than "
		    "limits.prefixes", 0);
		break;
	case CURIE_NOMEM:
	default:
		session_doom(s, 0, "out of memory");
		break;
	}
}

/* PREFIX [1, prefix, uri].  No reply. */
static void
on_prefix(struct session *s, const struct wamp_msg *m)
{
	struct broker *b = s->broker;
	struct slice name, uri;

	if (json_string(&name, &m->prefix, &b->scratch_text) == -1 ||
	    json_string(&uri, &m->uri, &b->scratch_uri) == -1)
		session_doom(s, 0, "out of memory");
	else if (check_length(s, name.len > uri.len ? name.len : uri.len,
	    "the prefix is longer than limits.topic_length") == 0)
		keep_prefix(s, name, uri);
}

/* SUBSCRIBE [5, topic].  No reply; a second one has no effect. */
static void
on_subscribe(struct session *s, const struct wamp_msg *m)
{
	struct topic *t = message_topic(s, m);

	if (t != NULL)
		subscribe(s, t);
}

/* UNSUBSCRIBE [6, topic].  No reply; no effect without a subscription. */
static void
on_unsubscribe(struct session *s, const struct wamp_msg *m)
{
	struct broker *b = s->broker;
	struct request *r;
	struct topic *t;
	struct slice uri;

	if (message_uri(s, m, &uri) == -1)
		return;
	if ((t = topic_find(&b->topics, uri)) != NULL)
		sub_remove(&b->topics, t, s);
	if ((r = request_find_subscribe(s, uri)) != NULL) {
		r->cancelled = true;
		replay_end(s, uri);
	}
}

/* Whom the event is for. */
static struct audience
message_audience(const struct wamp_msg *m)
{
	static const unsigned excludes[] = {
		[WAMP_EXCLUDE_NONE] = 0,
		[WAMP_EXCLUDE_ME] = AUDIENCE_EXCLUDE_ME,
		[WAMP_EXCLUDE_LIST] = AUDIENCE_EXCLUDE,
	};

	return (struct audience){
		.flags = excludes[m->exclude] |
		    (m->has_eligible ? AUDIENCE_ELIGIBLE : 0),
		.exclude = m->exclude_list,
		.eligible = m->eligible,
	};
}

/* PUBLISH [7, topic, event, excludeMe | exclude, eligible].  No reply; the
 * result is counted for wampd.barrier. */
static void
on_publish(struct session *s, const struct wamp_msg *m)
{
	struct publication p = {
		.broker = s->broker,
		.from = s,
		.event = m->event.text,
		.newline = m->event.newline,
		.retain = s->ledger != NULL && s->ledger->retain,
		.retain_for = s->ledger != NULL ? s->ledger->retain_for : 0,
		.to = message_audience(m),
	};
	enum verdict verdict;
	struct failure f;
	long delivered;

	if ((p.topic = message_topic(s, m)) == NULL)
		return;
	if ((p.index = tally_number(s)) == 0) {
		session_doom(s, 0, "out of memory");
		return;
	}
	verdict = publish(&p, &delivered, &f);
	if (verdict == VERDICT_NO)
		refuse_publish(s, p.topic, p.index, &f);
	else if (verdict != VERDICT_LATER)
		tally_accept(s, delivered);
}

/* CALL [2, id, procedure, arguments...].  One CALLRESULT or CALLERROR. */
static void
on_call(struct session *s, const struct wamp_msg *m)
{
	const struct reply_to to = { .session = s, .id = m->id.text };
	const struct call_args args = { m->args, m->args_named,
	    m->args_newline };
	struct slice uri;

	s->broker->stats.calls++;
	if (message_uri(s, m, &uri) == 0)
		call(&to, uri, &args);
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
wamp1_receive(struct session *s, struct slice message, bool binary)
{
	const struct broker_settings *set = &s->broker->set;
	const struct wamp1_rules rules = {
		.role = WAMP1_SERVER,
		.compat = (enum wamp_compat)set->compat,
		.depth = (unsigned)set->limit_depth,
	};
	struct wamp1_error e;
	struct wamp_msg m;

	if (binary)
		violation(s, CLOSE_UNSUPPORTED,
		    "WAMP v1 messages are text, not binary", 0);
	else if (wamp1_parse(&m, message, &rules, &e) == 0)
		on_message[m.type](s, &m);
	else if (s->ops->wire == WIRE_WS && !utf8_valid(message))
		/* WebSocket requires valid UTF-8 (RFC 6455 section 8.1); this
		 * counts before any other error. */
		violate(s, CLOSE_INVALID, e.what, e.offset, true);
	else
		violation(s, e.close_code, e.what, e.offset);
}

void
wamp1_receive_oversized(struct session *s)
{
	violation(s, CLOSE_TOO_BIG,
	    "the message is larger than limits.message", 0);
}
